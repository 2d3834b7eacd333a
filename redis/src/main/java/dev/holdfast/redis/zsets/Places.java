package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.RedisZset.Side;
import dev.holdfast.redis.values.RedisZset.Walk;
import org.jspecify.annotations.Nullable;

/// A range of scores or of members, as two words spell it.
interface Places {
    /// Where the range lies in `zset`.
    KeyRange in(RedisZset zset);

    /// The range of scores from `min` to `max`; a parenthesis leaves the bound itself out.
    static Places byScore(Bytes min, Bytes max) {
        Bound from = Bound.parse(min);
        Bound to = Bound.parse(max);
        Bytes start = RedisZset.place(from.score, from.isOut ? Side.BEHIND : Side.BEFORE);
        Bytes end = RedisZset.place(to.score, to.isOut ? Side.BEFORE : Side.BEHIND);
        return _ -> new KeyRange(start, end);
    }

    /// The range of members from `min` to `max`, which begin with `[` or `(`, or are `-` or `+`.
    /// All members have one score: that of the first is taken.
    static Places byLex(Bytes min, Bytes max) {
        LexBound from = LexBound.parse(min);
        LexBound to = LexBound.parse(max);
        return zset -> {
            double score = 0;
            try (Walk walk = zset.walk(RedisZset.all(), Order.ASCENDING)) {
                if (walk.next()) score = walk.score();
            }
            return new KeyRange(from.start(score), to.end(score));
        };
    }

    /// One end of a range of scores.
    record Bound(double score, boolean isOut) {
        static Bound parse(Bytes word) {
            boolean isOut = !word.isEmpty() && word.at(0) == '(';
            Double score = Numbers.loose(isOut ? word.slice(1, word.length()) : word);
            if (score == null) throw new RespError("ERR min or max is not a float");
            return new Bound(score, isOut);
        }
    }

    /// One end of a range of members.
    record LexBound(byte kind, Bytes member) {
        static LexBound parse(Bytes word) {
            byte kind = word.isEmpty() ? 0 : word.at(0);
            boolean isBound = kind == '[' || kind == '(';
            boolean isEnd = (kind == '-' || kind == '+') && word.length() == 1;
            if (!isBound && !isEnd)
                throw new RespError("ERR min or max not valid string range item");
            return new LexBound(kind, word.slice(1, word.length()));
        }

        @Nullable Bytes start(double score) {
            return switch (kind) {
                case '-' -> RedisZset.all().start();
                case '+' -> RedisZset.all().end();
                case '[' -> RedisZset.place(score, member, Side.BEFORE);
                default -> RedisZset.place(score, member, Side.BEHIND);
            };
        }

        @Nullable Bytes end(double score) {
            return switch (kind) {
                case '-' -> RedisZset.all().start();
                case '+' -> RedisZset.all().end();
                case '[' -> RedisZset.place(score, member, Side.BEHIND);
                default -> RedisZset.place(score, member, Side.BEFORE);
            };
        }
    }
}
