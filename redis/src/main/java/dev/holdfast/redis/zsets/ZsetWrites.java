package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.Scored;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// The calls that change one sorted set, but for pops.
final class ZsetWrites {
    private ZsetWrites() {}

    /// `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`: adds members, or
    /// gives them other scores.
    static Command zadd(Words words) {
        EnumSet<ScoreUpdate.Rule> rules = EnumSet.noneOf(ScoreUpdate.Rule.class);
        int first = 1;
        while (first < words.count()) {
            ScoreUpdate.Rule rule = ScoreUpdate.Rule.of(words, first);
            if (rule == null) break;
            rules.add(rule);
            first++;
        }
        ScoreUpdate.check(rules, words.count() - first);
        List<Scored> scores = new ArrayList<>();
        for (int i = first; i < words.count(); i += 2)
            scores.add(new Scored(words.bytes(i + 1), words.real(i)));
        var update = new ScoreUpdate(words.key(0), rules, scores);
        return update::run;
    }

    /// `ZINCRBY key increment member`: adds to the score of a member.
    static Command zincrby(Words words) {
        double step = Numbers.real(words.bytes(1), RespError.NOT_A_FLOAT);
        List<Scored> scores = List.of(new Scored(words.bytes(2), step));
        var update = new ScoreUpdate(words.key(0), EnumSet.of(ScoreUpdate.Rule.INCR), scores);
        return update::run;
    }

    /// `ZREM key member [member ...]`: removes members, and tells how many there were.
    static Command zrem(Words words) {
        Bytes key = words.key(0);
        List<Bytes> members = words.keys(1);
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            long removed = members.stream().filter(zset::remove).count();
            if (removed == 0) return Reply.ZERO;
            zset.save();
            keyspace.shortened(EventKind.ZSET, "zrem", key);
            return Reply.integer(removed);
        };
    }

    /// `ZREMRANGEBYSCORE key min max`: removes the members whose score is in the range.
    static Command zremrangebyscore(Words words) {
        return removal(words, Places.byScore(words.bytes(1), words.bytes(2)), "zremrangebyscore");
    }

    /// `ZREMRANGEBYLEX key min max`: removes the members in the range.
    static Command zremrangebylex(Words words) {
        return removal(words, Places.byLex(words.bytes(1), words.bytes(2)), "zremrangebylex");
    }

    /// `ZREMRANGEBYRANK key start stop`: removes the members of these ranks.
    static Command zremrangebyrank(Words words) {
        Bytes key = words.key(0);
        Ranks ranks = new Ranks(words.integer(1), words.integer(2));
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            Ranks inside = ranks.within(zset.count());
            Reply removed = remove(keyspace, key, zset, members(zset, RedisZset.all(), inside));
            return told(keyspace, key, removed, "zremrangebyrank");
        };
    }

    private static Command removal(Words words, Places places, String event) {
        Bytes key = words.key(0);
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            if (!zset.exists()) return Reply.ZERO;
            KeyRange range = places.in(zset);
            List<Bytes> members = members(zset, range, new Ranks(0, Long.MAX_VALUE));
            return told(keyspace, key, remove(keyspace, key, zset, members), event);
        };
    }

    private static List<Bytes> members(RedisZset zset, KeyRange places, Ranks ranks) {
        List<Bytes> members = new ArrayList<>();
        if (!zset.exists() || ranks.isEmpty()) return members;
        long left = ranks.last() == Long.MAX_VALUE ? -1 : ranks.last() - ranks.first() + 1;
        try (RedisZset.Walk walk = zset.walk(places, Order.ASCENDING, ranks.first())) {
            while (left-- != 0 && walk.next()) members.add(walk.member());
        }
        return members;
    }

    private static Reply told(Keyspace keyspace, Bytes key, Reply removed, String event) {
        if (!removed.equals(Reply.ZERO)) keyspace.shortened(EventKind.ZSET, event, key);
        return removed;
    }

    private static Reply remove(Keyspace keyspace, Bytes key, RedisZset zset, List<Bytes> members) {
        if (members.isEmpty()) return Reply.ZERO;
        // All at once: the rows are left behind with their version.
        if (members.size() == zset.count()) keyspace.delete(key);
        else {
            members.forEach(zset::remove);
            zset.save();
        }
        return Reply.integer(members.size());
    }
}
