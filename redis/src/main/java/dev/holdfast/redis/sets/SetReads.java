package dev.holdfast.redis.sets;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.ListingCommand;
import dev.holdfast.redis.listing.Shape;
import dev.holdfast.redis.members.Draw;
import dev.holdfast.redis.members.ScanCall;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.RedisSet;
import java.util.List;

/// The calls that look at one set.
final class SetReads {
    private SetReads() {}

    /// `SCARD key`: how many members there are.
    static Command scard(Words words) {
        Bytes key = words.key(0);
        return keyspace -> Reply.integer(RedisSet.at(keyspace, key).count());
    }

    /// `SISMEMBER key member`: whether it is a member.
    static Command sismember(Words words) {
        Bytes key = words.key(0);
        Bytes member = words.bytes(1);
        return keyspace -> isIn(RedisSet.at(keyspace, key), member);
    }

    /// `SMISMEMBER key member [member ...]`: whether each is a member.
    static Command smismember(Words words) {
        Bytes key = words.key(0);
        List<Bytes> members = words.keys(1);
        return keyspace -> {
            RedisSet set = RedisSet.at(keyspace, key);
            return Reply.array(members.stream().map(member -> isIn(set, member)).toList());
        };
    }

    /// `SMEMBERS key`: all members.
    static Command smembers(Words words) {
        Bytes key = words.key(0);
        return (ListingCommand)
                keyspace -> {
                    RedisSet set = RedisSet.at(keyspace, key);
                    return Listing.of(
                            Shape.SET,
                            set::count,
                            visitor ->
                                    set.members()
                                            .visit(each -> visitor.take(Reply.bulk(each.name()))));
                };
    }

    /// `SRANDMEMBER key [count]`: members drawn at random.
    static Command srandmember(Words words) {
        if (2 < words.count()) throw new RespError(RespError.SYNTAX);
        Draw draw = Draw.parse(words, "", _ -> Reply.NULL);
        return keyspace -> {
            RedisSet set = RedisSet.at(keyspace, draw.key());
            return draw.reply(set.members(), set.count());
        };
    }

    /// `SSCAN key cursor [MATCH pattern] [COUNT count]`: some members, and the cursor to go on
    /// with.
    static Command sscan(Words words) {
        Bytes key = words.key(0);
        long cursor = ScanCall.cursor(words.text(1));
        return keyspace -> {
            RedisSet set = RedisSet.at(keyspace, key);
            return ScanCall.reply(
                    cursor,
                    words,
                    set.exists() ? set.form() : null,
                    set.members(),
                    (member, found) -> found.add(Reply.bulk(member.name())));
        };
    }

    private static Reply isIn(RedisSet set, Bytes member) {
        return set.contains(member) ? Reply.ONE : Reply.ZERO;
    }
}
