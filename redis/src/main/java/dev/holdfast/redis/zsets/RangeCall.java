package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.Scored;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which members of a sorted set are asked for, in which order: ZRANGE and all its older forms.
///
/// @param ranks null if the range is not one of ranks
/// @param places null if it is
record RangeCall(
        Bytes key, @Nullable Ranks ranks, @Nullable Places places, Order order, Window window) {
    private static final long NO_LIMIT = -1;

    /// What of the range is shown.
    ///
    /// @param count negative for all
    record Window(long offset, long count, boolean hasScores) {}

    /// What the two bounds are.
    private enum By {
        RANK,
        SCORE,
        LEX
    }

    /// A form of the command: what it takes for granted.
    enum Form {
        ANY(null, null),
        STORED(null, null),
        REVERSED_RANKS(By.RANK, Order.DESCENDING),
        SCORES(By.SCORE, Order.ASCENDING),
        REVERSED_SCORES(By.SCORE, Order.DESCENDING),
        MEMBERS(By.LEX, Order.ASCENDING),
        REVERSED_MEMBERS(By.LEX, Order.DESCENDING);

        private final @Nullable By by;
        private final @Nullable Order order;

        Form(@Nullable By by, @Nullable Order order) {
            this.by = by;
            this.order = order;
        }
    }

    /// The call whose key stands at `at`.
    static RangeCall parse(Words words, int at, Form form) {
        var parser = new OptionReader(form);
        for (Options options = words.options(at + 3); options.more(); ) parser.read(options);
        parser.check();
        By by = parser.by == null ? By.RANK : parser.by;
        Order order = parser.order == null ? Order.ASCENDING : parser.order;
        boolean isTurned = by != By.RANK && order == Order.DESCENDING;
        Bytes min = words.bytes(isTurned ? at + 2 : at + 1);
        Bytes max = words.bytes(isTurned ? at + 1 : at + 2);
        var window = new Window(parser.offset, parser.count, parser.hasScores);
        Ranks ranks =
                by == By.RANK ? new Ranks(words.integer(at + 1), words.integer(at + 2)) : null;
        Places places =
                switch (by) {
                    case RANK -> null;
                    case SCORE -> Places.byScore(min, max);
                    case LEX -> Places.byLex(min, max);
                };
        return new RangeCall(words.key(at), ranks, places, order, window);
    }

    /// The sorted set that is asked for.
    RedisZset zset(Keyspace keyspace) {
        return RedisZset.at(keyspace, key);
    }

    boolean showsScores() {
        return window.hasScores;
    }

    /// How many members of `zset`, which is the one at the key, are asked for.
    long count(RedisZset zset) {
        if (!zset.exists() || ranks == null && window.offset < 0) return 0;
        if (ranks != null) {
            Ranks inside = ranks.within(zset.count());
            return inside.isEmpty() ? 0 : inside.last() - inside.first() + 1;
        }
        KeyRange range = places == null ? RedisZset.all() : places.in(zset);
        long behindOffset = Math.max(0, zset.count(range) - window.offset);
        return window.count < 0 ? behindOffset : Math.min(window.count, behindOffset);
    }

    /// Shows the members of `zset`, which is the one at the key, to `visitor`, in order, as long as
    /// it takes more.
    void visit(RedisZset zset, Predicate<Scored> visitor) {
        if (!zset.exists() || ranks == null && window.offset < 0) return;
        KeyRange range = places == null ? RedisZset.all() : places.in(zset);
        long offset = window.offset;
        long left = window.count;
        if (ranks != null) {
            Ranks inside = ranks.within(zset.count());
            if (inside.isEmpty()) return;
            offset = inside.first();
            left = inside.last() - inside.first() + 1;
        }
        try (RedisZset.Walk walk = zset.walk(range, order, offset)) {
            boolean takesMore = true;
            while (takesMore && left-- != 0 && walk.next()) takesMore = visitor.test(walk.scored());
        }
    }

    private static final class OptionReader {
        private final Form form;
        private @Nullable By by;
        private @Nullable Order order;
        private long offset;
        private long count = NO_LIMIT;
        private boolean hasScores;

        OptionReader(Form form) {
            this.form = form;
            this.by = form.by;
            this.order = form.order;
        }

        void read(Options options) {
            int left = options.left() - 1;
            String keyword = options.keyword();
            if (keyword.equals("WITHSCORES") && form != Form.STORED) hasScores = true;
            else if (keyword.equals("LIMIT") && 2 <= left) {
                offset = options.integer();
                count = options.integer();
            } else if (keyword.equals("REV") && order == null) order = Order.DESCENDING;
            else if (keyword.equals("BYLEX") && by == null) by = By.LEX;
            else if (keyword.equals("BYSCORE") && by == null) by = By.SCORE;
            else throw options.unexpected();
        }

        void check() {
            if (count != NO_LIMIT && (by == null || by == By.RANK))
                throw new RespError(
                        "ERR syntax error, LIMIT is only supported in combination with either"
                                + " BYSCORE or BYLEX");
            if (hasScores && by == By.LEX)
                throw new RespError(
                        "ERR syntax error, WITHSCORES not supported in combination with BYLEX");
        }
    }
}
