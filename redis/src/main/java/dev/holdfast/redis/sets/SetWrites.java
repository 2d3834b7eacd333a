package dev.holdfast.redis.sets;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.values.Member;
import dev.holdfast.redis.values.RedisSet;
import java.util.ArrayList;
import java.util.List;

/// The calls that change sets.
final class SetWrites {
    private static final String NOT_POSITIVE = "ERR value is out of range, must be positive";

    private SetWrites() {}

    /// `SADD key member [member ...]`: adds members, and tells how many are new.
    static Command sadd(Words words) {
        Bytes key = words.key(0);
        List<Bytes> members = words.keys(1);
        return keyspace -> {
            RedisSet set = RedisSet.at(keyspace, key);
            long added = members.stream().filter(set::add).count();
            if (added == 0) return Reply.ZERO;
            set.save();
            keyspace.event(EventKind.SET, "sadd", key);
            return Reply.integer(added);
        };
    }

    /// `SREM key member [member ...]`: removes members, and tells how many there were.
    static Command srem(Words words) {
        Bytes key = words.key(0);
        List<Bytes> members = words.keys(1);
        return keyspace -> {
            RedisSet set = RedisSet.at(keyspace, key);
            long removed = members.stream().filter(set::remove).count();
            if (removed == 0) return Reply.ZERO;
            set.save();
            keyspace.shortened(EventKind.SET, "srem", key);
            return Reply.integer(removed);
        };
    }

    /// `SMOVE source destination member`: has a member change sets.
    static Command smove(Words words) {
        Bytes source = words.key(0);
        Bytes destination = words.key(1);
        Bytes member = words.bytes(2);
        return keyspace -> move(keyspace, source, destination, member);
    }

    private static Reply move(Keyspace keyspace, Bytes source, Bytes destination, Bytes member) {
        if (!keyspace.exists(source)) return Reply.ZERO;
        RedisSet from = RedisSet.at(keyspace, source);
        keyspace.find(destination, KeyType.SET);
        if (!from.contains(member)) return Reply.ZERO;
        if (source.equals(destination)) return Reply.ONE;
        from.remove(member);
        from.save();
        keyspace.shortened(EventKind.SET, "srem", source);
        RedisSet to = RedisSet.at(keyspace, destination);
        if (!to.add(member)) return Reply.ONE;
        to.save();
        keyspace.event(EventKind.SET, "sadd", destination);
        return Reply.ONE;
    }

    /// `SPOP key [count]`: removes members drawn at random, and returns them.
    static Command spop(Words words) {
        if (2 < words.count()) throw new RespError(RespError.SYNTAX);
        Bytes key = words.key(0);
        if (words.count() == 1) return keyspace -> popOne(keyspace, key);
        long count = words.integer(1, NOT_POSITIVE);
        if (count < 0) throw new RespError(NOT_POSITIVE);
        return keyspace -> pop(keyspace, key, count);
    }

    private static Reply popOne(Keyspace keyspace, Bytes key) {
        RedisSet set = RedisSet.at(keyspace, key);
        if (!set.exists()) return Reply.NULL;
        Bytes member = set.members().draw(set.count()).name();
        set.remove(member);
        set.save();
        keyspace.shortened(EventKind.SET, "spop", key);
        return Reply.bulk(member);
    }

    private static Reply pop(Keyspace keyspace, Bytes key, long count) {
        RedisSet set = RedisSet.at(keyspace, key);
        if (!set.exists() || count == 0) return Reply.set(List.of());
        List<Reply> popped = new ArrayList<>();
        List<Member> drawn = set.members().drawDistinct(count, set.count());
        for (Member member : drawn) popped.add(Reply.bulk(member.name()));
        // All at once: the rows are left behind with their version.
        if (set.count() <= count) keyspace.delete(key);
        else {
            for (Member member : drawn) set.remove(member.name());
            set.save();
        }
        keyspace.shortened(EventKind.SET, "spop", key);
        return Reply.set(popped);
    }
}
