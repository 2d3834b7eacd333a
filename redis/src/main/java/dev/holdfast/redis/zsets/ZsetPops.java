package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.Scored;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls that take the least or the greatest members out of sorted sets.
public final class ZsetPops {
    private static final String NOT_POSITIVE = "ERR value is out of range, must be positive";

    private ZsetPops() {}

    /// `ZPOPMIN key [count]`: takes the members of the least scores.
    static Command zpopmin(Words words) {
        return popped(words, Order.ASCENDING);
    }

    /// `ZPOPMAX key [count]`: takes the members of the greatest scores.
    static Command zpopmax(Words words) {
        return popped(words, Order.DESCENDING);
    }

    private static Command popped(Words words, Order order) {
        if (2 < words.count()) throw new RespError(RespError.SYNTAX);
        Bytes key = words.key(0);
        if (words.count() == 1) return keyspace -> Reply.array(flat(pop(keyspace, key, order, 1)));
        long count = words.integer(1, NOT_POSITIVE);
        if (count < 0) throw new RespError(NOT_POSITIVE);
        return keyspace -> Reply.couples(flat(pop(keyspace, key, order, count)));
    }

    /// Takes up to `count` members out of the sorted set at `key`, from the end that `order` begins
    /// with; none if there is no such key.
    public static List<Scored> pop(Keyspace keyspace, Bytes key, Order order, long count) {
        RedisZset zset = RedisZset.at(keyspace, key);
        List<Scored> popped = new ArrayList<>();
        if (!zset.exists() || count == 0) return popped;
        try (RedisZset.Walk walk = zset.walk(RedisZset.all(), order)) {
            while (popped.size() < count && walk.next()) popped.add(walk.scored());
        }
        // All at once: the rows are left behind with their version.
        if (popped.size() == zset.count()) keyspace.delete(key);
        else {
            for (Scored each : popped) zset.remove(each.member());
            zset.save();
        }
        String event = order == Order.ASCENDING ? "zpopmin" : "zpopmax";
        keyspace.shortened(EventKind.ZSET, event, key);
        return popped;
    }

    /// `ZMPOP numkeys key [key ...] (MIN | MAX) [COUNT count]`: takes members out of the first
    /// sorted set that there is.
    static Command zmpop(Words words) {
        PopCall call = PopCall.parse(words, 0);
        return keyspace -> {
            Reply popped = call.run(keyspace);
            return popped == null ? Reply.NULL_ARRAY : popped;
        };
    }

    /// The words of ZMPOP and of its form that waits.
    public record PopCall(List<Bytes> keys, Order order, long count) {
        /// The call whose number of keys stands at `at`.
        public static PopCall parse(Words words, int at) {
            String complaint = "ERR numkeys should be greater than 0";
            long keyCount = words.integer(at, complaint);
            if (keyCount < 1) throw new RespError(complaint);
            if (words.count() - at - 1 <= keyCount) throw new RespError(RespError.SYNTAX);
            int side = at + 1 + (int) keyCount;
            List<Bytes> keys = words.keys(at + 1).subList(0, (int) keyCount);
            Options options = words.options(side);
            Order order =
                    switch (options.keyword()) {
                        case "MIN" -> Order.ASCENDING;
                        case "MAX" -> Order.DESCENDING;
                        default -> throw options.unexpected();
                    };
            return new PopCall(keys, order, count(options));
        }

        private static long count(Options options) {
            long count = 0;
            while (options.more()) {
                boolean isCount = options.keyword().equals("COUNT") && options.more() && count == 0;
                if (!isCount) throw options.unexpected();
                count = options.integer("ERR count should be greater than 0");
                if (count < 1) throw new RespError("ERR count should be greater than 0");
            }
            return count == 0 ? 1 : count;
        }

        /// The key and what was taken from it; null if there is no such key.
        public @Nullable Reply run(Keyspace keyspace) {
            for (Bytes key : keys) {
                List<Scored> popped = pop(keyspace, key, order, count);
                if (popped.isEmpty()) continue;
                List<Reply> couples =
                        popped.stream().map(each -> Reply.array(flat(List.of(each)))).toList();
                return Reply.array(Reply.bulk(key), Reply.array(couples));
            }
            return null;
        }
    }

    private static List<Reply> flat(List<Scored> scored) {
        List<Reply> replies = new ArrayList<>();
        for (Scored each : scored) {
            replies.add(Reply.bulk(each.member()));
            replies.add(Reply.real(each.score()));
        }
        return replies;
    }
}
