package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.MemberRow;
import dev.holdfast.redis.outline.Outline;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many members of a large sorted set stand before a place, and which one stands at a rank,
/// without a walk over all of them.
///
/// Members whose hash ends in seven zero bits begin a stretch of the lower level, those in fourteen
/// one of the upper; a row says how many members each stretch holds. Which members begin one
/// follows from the secret hash alone: nothing is ever rebalanced, and no choice of names makes
/// stretches long. A rank costs a walk over the upper level (one row for 16,384 members), one upper
/// stretch and one lower one, some 128 rows each.
///
/// Invariant: the stretches of a level begin before all members, and their counts add up to all.
final class RankCounts {
    /// How many members a stretch of the lower level holds on average, and how many of those one of
    /// the upper.
    static final int STRETCH = 128;

    private static final int LEVELS = 2;
    private static final long OUTLINED_MAX = 1 << 14; // stretches of a level
    private static final int SEARCH_ROWS = 32; // a search costs as much as reading so many

    private final Collection collection;

    RankCounts(Collection collection) {
        this.collection = collection;
    }

    /// Sets up the counts of members that were there before they were counted.
    void countAll() {
        for (int level = 0; level < LEVELS; level++)
            collection.outline(MemberRow.counted(level, Bytes.EMPTY), null);
        var builder = new Builder();
        try (Collection.Rows rows = rows(MemberRow.ZSET_SCORE.range())) {
            while (rows.next()) builder.add(rows.name());
        }
        builder.end();
    }

    /// Counts members that are added in order to a set without members.
    final class Builder {
        private final Bytes[] begins = {Bytes.EMPTY, Bytes.EMPTY};
        private final long[] counts = new long[LEVELS];

        void add(Bytes scoreName) {
            int hash = collection.hash(MemberRow.scoredIn(scoreName));
            for (int level = 0; level < LEVELS; level++) {
                if (begins(level, hash)) {
                    put(MemberRow.counted(level, begins[level]), counts[level]);
                    begins[level] = scoreName;
                    counts[level] = 0;
                }
                counts[level]++;
            }
        }

        void end() {
            for (int level = 0; level < LEVELS; level++)
                put(MemberRow.counted(level, begins[level]), counts[level]);
        }
    }

    /// Counts a member whose row `scoreName` was just put.
    void added(Bytes scoreName) {
        int hash = collection.hash(MemberRow.scoredIn(scoreName));
        for (int level = 0; level < LEVELS; level++) {
            Stretch around = around(level, scoreName);
            if (!begins(level, hash)) {
                put(around.name, around.count + 1);
                continue;
            }
            long behind = countBetween(level, scoreName, nextBegin(level, scoreName));
            put(around.name, around.count + 1 - behind);
            Bytes own = MemberRow.counted(level, scoreName);
            put(own, behind);
            Outline known = outline(level);
            outline(level, known == null ? null : known.with(own));
        }
    }

    /// Counts a member whose row `scoreName` was just removed.
    void removed(Bytes scoreName) {
        int hash = collection.hash(MemberRow.scoredIn(scoreName));
        for (int level = 0; level < LEVELS; level++) {
            long merged = -1;
            if (begins(level, hash)) {
                Bytes own = MemberRow.counted(level, scoreName);
                Bytes count = collection.get(own);
                if (count == null) throw damaged(own);
                merged += countIn(count);
                collection.delete(own);
                Outline known = outline(level);
                outline(level, known == null ? null : known.without(own));
            }
            Stretch around = around(level, scoreName);
            put(around.name, around.count + merged);
        }
    }

    /// How many rows of scores stand before `place`.
    long before(Bytes place) {
        long before = 0;
        Bytes from = MemberRow.countedFrom(MemberRow.counted(0, Bytes.EMPTY));
        for (int level = LEVELS - 1; 0 <= level; level--) {
            long open = 0;
            try (Collection.Rows rows = rows(stretches(level, from))) {
                while (rows.next()) {
                    Bytes begin = MemberRow.countedFrom(rows.name());
                    if (0 < begin.compareTo(place)) break;
                    before += open;
                    open = countIn(rows.value());
                    from = begin;
                }
            }
        }
        if (from.compareTo(place) >= 0) return before;
        try (Collection.Rows rows = rows(KeyRange.of(from, place))) {
            while (rows.next()) before++;
        }
        return before;
    }

    /// The row of the score at `rank`, counted from 0; null if there are not so many.
    @Nullable Bytes at(long rank) {
        long left = rank;
        Bytes from = MemberRow.countedFrom(MemberRow.counted(0, Bytes.EMPTY));
        for (int level = LEVELS - 1; 0 <= level; level--) {
            try (Collection.Rows rows = rows(stretches(level, from))) {
                while (rows.next()) {
                    from = MemberRow.countedFrom(rows.name());
                    long count = countIn(rows.value());
                    if (left < count) break;
                    left -= count;
                }
            }
        }
        try (Collection.Rows rows = rows(new KeyRange(from, MemberRow.ZSET_SCORE.range().end()))) {
            while (rows.next()) if (left-- == 0) return rows.name();
        }
        return null;
    }

    private record Stretch(Bytes name, long count) {}

    // The stretch that `scoreName` lies in. Where a set is written often, it is known where
    // stretches begin.
    private Stretch around(int level, Bytes scoreName) {
        Outline known = outline(level);
        if (known == null) known = outlineIfWorthIt(level);
        Bytes begin = known == null ? null : known.floor(MemberRow.counted(level, scoreName));
        Bytes count = begin == null ? null : collection.get(begin);
        // Without a count the run looks at what has changed since, and will not commit.
        if (begin != null && count != null) return new Stretch(begin, countIn(count));
        return search(level, scoreName);
    }

    private @Nullable Outline outline(int level) {
        return collection.outline(MemberRow.counted(level, Bytes.EMPTY));
    }

    private void outline(int level, @Nullable Outline outline) {
        collection.outline(MemberRow.counted(level, Bytes.EMPTY), outline);
    }

    // All begins are read once as many were searched for as that costs.
    private @Nullable Outline outlineIfWorthIt(int level) {
        Bytes name = MemberRow.counted(level, Bytes.EMPTY);
        long stretches = collection.count() / (level == 0 ? STRETCH : STRETCH * STRETCH);
        long missed = (long) collection.outlineMissed(name) * SEARCH_ROWS;
        if (OUTLINED_MAX < stretches || missed < stretches) return null;
        List<Bytes> begins = new ArrayList<>();
        try (Collection.Rows rows = rows(MemberRow.counts(level))) {
            while (rows.next()) begins.add(Bytes.wrap(rows.name().toArray()));
        }
        Outline outline = Outline.of(begins);
        collection.madeOutline(name, outline);
        return outline;
    }

    private Stretch search(int level, Bytes scoreName) {
        Bytes behind = after(MemberRow.counted(level, scoreName));
        KeyRange range = new KeyRange(MemberRow.counts(level).start(), behind);
        try (Collection.Rows rows = collection.rows(range, Order.DESCENDING)) {
            if (rows.next()) return new Stretch(rows.name(), countIn(rows.value()));
        }
        throw damaged(scoreName);
    }

    private @Nullable Bytes nextBegin(int level, Bytes scoreName) {
        Outline known = outline(level);
        if (known != null) {
            Bytes next = known.higher(MemberRow.counted(level, scoreName));
            return next == null ? null : MemberRow.countedFrom(next);
        }
        Bytes behind = after(MemberRow.counted(level, scoreName));
        try (Collection.Rows rows = rows(new KeyRange(behind, MemberRow.counts(level).end()))) {
            return rows.next() ? MemberRow.countedFrom(rows.name()) : null;
        }
    }

    // How many members stand from one begin up to the next: of the lower level they are counted,
    // of the upper its stretches are added up.
    private long countBetween(int level, Bytes from, @Nullable Bytes to) {
        KeyRange range;
        if (level == 0) {
            Bytes end = to == null ? MemberRow.ZSET_SCORE.range().end() : to;
            range = new KeyRange(from, end);
        } else {
            Bytes end =
                    to == null
                            ? MemberRow.counts(level - 1).end()
                            : MemberRow.counted(level - 1, to);
            range = new KeyRange(MemberRow.counted(level - 1, from), end);
        }
        long count = 0;
        try (Collection.Rows rows = rows(range)) {
            while (rows.next()) count += level == 0 ? 1 : countIn(rows.value());
        }
        return count;
    }

    private KeyRange stretches(int level, Bytes fromScoreName) {
        Bytes start =
                fromScoreName.length() == 1
                        ? MemberRow.counted(level, Bytes.EMPTY)
                        : MemberRow.counted(level, fromScoreName);
        return new KeyRange(start, MemberRow.counts(level).end());
    }

    private Collection.Rows rows(KeyRange range) {
        return collection.rows(range, Order.ASCENDING);
    }

    private void put(Bytes name, long count) {
        if (count < 0) throw damaged(name);
        collection.put(name, Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(count).array()));
    }

    private static boolean begins(int level, int hash) {
        int zeros = level == 0 ? STRETCH - 1 : STRETCH * STRETCH - 1;
        return (hash & zeros) == 0;
    }

    private static Bytes after(Bytes name) {
        byte[] longer = new byte[name.length() + 1];
        name.copyTo(longer, 0);
        return Bytes.wrap(longer);
    }

    private long countIn(Bytes value) {
        if (value.length() != Long.BYTES) throw damaged(value);
        return value.toBuffer().getLong();
    }

    // A run that went by an outline of a later commit than it sees finds what cannot be. It would
    // not commit; it comes again without.
    private StorageException damaged(Bytes name) {
        boolean wentByOutline = false;
        for (int level = 0; level < LEVELS; level++)
            wentByOutline |= collection.dropOutline(MemberRow.counted(level, Bytes.EMPTY));
        if (wentByOutline) return new StorageException.Conflict("counts changed meanwhile");
        return new StorageException.CorruptData(
                "counts of a sorted set invalid. row=`" + name + "`", null);
    }
}
