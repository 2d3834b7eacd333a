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
/// Members stand in stretches of two levels, and a row says how many each stretch holds. A stretch
/// that has grown to twice its usual size is cut in the middle; one that is nearly empty joins the
/// one before it, if both together are not too long. So a stretch is counted only after so many
/// members have come as it has, and where the same number comes and goes nothing is cut or joined.
/// A rank costs a walk over the upper level (one row for 16,384 members), one upper stretch and one
/// lower one, some 128 rows each.
///
/// Invariants:
/// 1. The stretches of a level begin before all members, and their counts add up to all.
/// 2. Where a stretch of the upper level begins, one of the lower does.
final class RankCounts {
    /// How many members a stretch of the lower level usually holds, and how many of those one of
    /// the upper.
    static final int STRETCH = 128;

    private static final int LOWER = 0;
    private static final int UPPER = 1;
    private static final int LEVELS = 2;
    private static final int LONG = 2; // times its usual size
    private static final int FEW_OF = 4;
    private static final long OUTLINED_MAX = 1 << 14; // stretches of a level
    private static final int SEARCH_ROWS = 32; // a search costs as much as reading so many

    private final Collection collection;

    RankCounts(Collection collection) {
        this.collection = collection;
    }

    private static long usual(int level) {
        return level == LOWER ? STRETCH : STRETCH * STRETCH;
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
            for (int level = 0; level < LEVELS; level++) {
                if (counts[level] == usual(level)) {
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
        for (int level = 0; level < LEVELS; level++) {
            Stretch around = around(level, scoreName);
            long count = around.count + 1;
            if (count <= LONG * usual(level)) put(around.name, count);
            else cut(level, around.name, count);
        }
    }

    /// Counts a member whose row `scoreName` was just removed.
    void removed(Bytes scoreName) {
        for (int level = UPPER; LOWER <= level; level--) {
            Stretch around = around(level, scoreName);
            long count = around.count - 1;
            put(around.name, count);
            // Not at each one that goes: who could not be joined is not asked every time.
            boolean isDue = count < usual(level) / FEW_OF && (count & count + 1) == 0;
            if (isDue) join(level, around.name, count);
        }
    }

    // The stretch at `name` holds `count`: the members behind the middle make another. Of the upper
    // level it is cut where one of the lower begins.
    private void cut(int level, Bytes name, long count) {
        long left = 0;
        Bytes begin = null;
        try (Collection.Rows rows = rows(within(level, name))) {
            while (begin == null && rows.next()) {
                if (usual(level) <= left && mayBegin(rows.name()))
                    begin = level == LOWER ? rows.name() : MemberRow.countedFrom(rows.name());
                else left += level == LOWER ? 1 : countIn(rows.value());
            }
        }
        if (begin == null || count <= left) {
            put(name, count);
            return;
        }
        Bytes own = MemberRow.counted(level, begin);
        put(name, left);
        put(own, count - left);
        Outline known = outline(level);
        outline(level, known == null ? null : known.with(own));
    }

    // The row that counts a stretch has a longer name than the member that it begins at.
    private boolean mayBegin(Bytes scoreName) {
        return collection.takes(MemberRow.counted(LOWER, scoreName));
    }

    // What lies in a stretch: members, or stretches of the lower level.
    private KeyRange within(int level, Bytes name) {
        Bytes begin = MemberRow.countedFrom(name);
        Bytes next = next(level, name);
        Bytes end = next == null ? null : MemberRow.countedFrom(next);
        if (level == LOWER)
            return new KeyRange(begin, end == null ? MemberRow.ZSET_SCORE.range().end() : end);
        KeyRange rest = stretches(LOWER, begin);
        return end == null ? rest : new KeyRange(rest.start(), counted(LOWER, end));
    }

    // The row of the stretch behind the one at `name`; null if that is the last.
    private @Nullable Bytes next(int level, Bytes name) {
        Outline known = outline(level);
        if (known != null) return known.higher(name);
        try (Collection.Rows rows =
                rows(new KeyRange(after(name), MemberRow.counts(level).end()))) {
            return rows.next() ? rows.name() : null;
        }
    }

    // The stretch at `name` holds `count`, which are few: they join those before it.
    private void join(int level, Bytes name, long count) {
        Bytes begin = MemberRow.countedFrom(name);
        boolean isFirst = begin.length() == 1;
        if (isFirst || level == LOWER && collection.get(counted(UPPER, begin)) != null) return;
        Stretch before = before(level, name);
        if (LONG * usual(level) < before.count + count) return;
        collection.delete(name);
        put(before.name, before.count + count);
        Outline known = outline(level);
        outline(level, known == null ? null : known.without(name));
        if (level == LOWER) return;
        Bytes lower = counted(LOWER, begin);
        Bytes left = collection.get(lower);
        if (left == null) throw damaged(lower);
        join(LOWER, lower, countIn(left));
    }

    /// How many rows of scores stand before `place`.
    long before(Bytes place) {
        long before = 0;
        Bytes from = MemberRow.countedFrom(MemberRow.counted(0, Bytes.EMPTY));
        for (int level = UPPER; LOWER <= level; level--) {
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
        for (int level = UPPER; LOWER <= level; level--) {
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
        long stretches = collection.count() / usual(level);
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
        return last(level, after(MemberRow.counted(level, scoreName)));
    }

    // The stretch before the one at `name`, which is not the first.
    private Stretch before(int level, Bytes name) {
        Outline known = outline(level);
        Bytes begin = known == null ? null : known.lower(name);
        Bytes count = begin == null ? null : collection.get(begin);
        if (begin != null && count != null) return new Stretch(begin, countIn(count));
        return last(level, name);
    }

    // The last stretch whose row comes before `end`.
    private Stretch last(int level, Bytes end) {
        KeyRange range = new KeyRange(MemberRow.counts(level).start(), end);
        try (Collection.Rows rows = collection.rows(range, Order.DESCENDING)) {
            if (rows.next()) return new Stretch(rows.name(), countIn(rows.value()));
        }
        throw damaged(end);
    }

    private KeyRange stretches(int level, Bytes fromScoreName) {
        return new KeyRange(counted(level, fromScoreName), MemberRow.counts(level).end());
    }

    // The row of the stretch that begins at a place, or before all members.
    private static Bytes counted(int level, Bytes begin) {
        return MemberRow.counted(level, begin.length() == 1 ? Bytes.EMPTY : begin);
    }

    private Collection.Rows rows(KeyRange range) {
        return collection.rows(range, Order.ASCENDING);
    }

    private void put(Bytes name, long count) {
        if (count < 0) throw damaged(name);
        collection.put(name, Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(count).array()));
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
