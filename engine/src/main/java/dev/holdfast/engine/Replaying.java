package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.local.DivergedTail;
import dev.holdfast.engine.local.TailReplay;
import dev.holdfast.engine.local.TailRules;
import dev.holdfast.format.row.FoundRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One replay of a diverged tail: gathers its rows by key, then decides for each key, or for all
/// keys of what the rules call a whole.
///
/// Invariant: without the word to overwrite, a key is written only if its newest row in the
/// database is one that the tail's history has too: one from before the tail, where it is known
/// what that is, or one that is in the tail. What an interrupted replay has written counts as
/// there, so that it may be repeated.
///
/// Not thread-safe.
final class Replaying {
    private static final int EXAMPLES_MAX = 20;
    private static final int BATCH_BYTES = 1 << 20;
    private static final long HEAP_SHARE = 4;

    /// One row of the tail.
    private record Version(
            long seq, Kind kind, @Nullable Bytes value, boolean hasExpiry, long expireAtMillis) {
        /// What it does to its key.
        enum Kind {
            PUT,
            DELETE,
            MERGE
        }

        boolean isMerge() {
            return kind == Kind.MERGE;
        }

        boolean expiresWith(Version other) {
            return hasExpiry == other.hasExpiry && expireAtMillis == other.expireAtMillis;
        }

        boolean isSameAs(FoundRow row) {
            if (value == null || row.isTombstone()) return value == null && row.isTombstone();
            if (hasExpiry != row.hasExpiry() || isMerge() != row.isMerge()) return false;
            if (hasExpiry && expireAtMillis != row.expireAtMillis()) return false;
            return value.equals(Bytes.wrap(row.valueArray(), row.valueOffset(), row.valueLength()));
        }
    }

    private final ReplayTarget target;
    private final DivergedTail tail;
    private final TailReplay.Touched onTouched;
    private final Map<Bytes, List<Version>> versions = new LinkedHashMap<>();
    private final List<Bytes> examples = new ArrayList<>();
    private final FoundRow found = new FoundRow();
    private WriteBatch batch = new WriteBatch();
    private long written;
    private long overwritten;
    private long there;
    private long touched;
    private boolean hasWritten;

    Replaying(ReplayTarget target, DivergedTail tail, TailReplay.Touched touched) {
        this.target = target;
        this.tail = tail;
        onTouched = touched;
        if (Runtime.getRuntime().maxMemory() / HEAP_SHARE < tail.bytes())
            throw new Invalid(
                    "the tail is too large for this heap, give it four times as much. bytes=`%d`"
                            .formatted(tail.bytes()),
                    null);
    }

    /// Takes one commit of the tail.
    void add(long seq, long createdAtMillis, BatchCursor rows) {
        while (rows.next()) {
            Bytes key = Bytes.copyOf(rows.array(), rows.keyOffset(), rows.keyLength());
            Bytes value =
                    rows.isDelete()
                            ? null
                            : Bytes.copyOf(rows.array(), rows.valueOffset(), rows.valueLength());
            long expiry = rows.hasExpiry() ? rows.expireAtMillis() : 0;
            versions.computeIfAbsent(key, _ -> new ArrayList<>(1))
                    .add(new Version(seq, kindOf(rows), value, rows.hasExpiry(), expiry));
        }
    }

    private static Version.Kind kindOf(BatchCursor row) {
        if (row.isDelete()) return Version.Kind.DELETE;
        return row.isMerge() ? Version.Kind.MERGE : Version.Kind.PUT;
    }

    /// Decides for each key, and writes.
    TailReplay finish(TailRules rules, String damage) {
        TailRules.Plan plan = rules.plan(new LastRows());
        var wholes = new LinkedHashMap<Bytes, List<Bytes>>();
        long leftOut = 0;
        for (Bytes key : versions.keySet()) {
            if (plan.leavesOut(key)) leftOut++;
            else wholes.computeIfAbsent(plan.wholeOf(key), _ -> new ArrayList<>(1)).add(key);
        }
        plan.first().forEach(batch::put);
        wholes.forEach((whole, keys) ->
                decide(keys, plan.mayOverwrite(whole) ? onTouched : TailReplay.Touched.LEAVE));
        commit();
        if (hasWritten) target.flush();
        return new TailReplay(written, overwritten, there, touched, leftOut, examples, damage);
    }

    private final class LastRows implements TailRules.Rows {
        @Override
        public Set<Bytes> keys() {
            return Collections.unmodifiableSet(versions.keySet());
        }

        @Override
        public @Nullable Bytes last(Bytes key) {
            List<Version> all = versions.get(key);
            return all == null ? null : all.getLast().value;
        }
    }

    /// Whose the newest row of a key is.
    private enum Whose {
        /// What the tail would write is there.
        THERE,
        /// The tail's history has it.
        OURS,
        /// Somebody's since.
        ANOTHERS
    }

    private void decide(List<Bytes> keys, TailReplay.Touched whenTouched) {
        boolean isTouched = false;
        var left = new ArrayList<Bytes>(keys.size());
        for (Bytes key : keys) {
            Whose whose = whose(key, versions.getOrDefault(key, List.of()));
            if (whose == Whose.THERE) there++;
            else left.add(key);
            if (whose != Whose.ANOTHERS) continue;
            isTouched = true;
            if (examples.size() < EXAMPLES_MAX) examples.add(key);
        }
        for (Bytes key : left) {
            List<Version> all = versions.getOrDefault(key, List.of());
            if (!isTouched) write(key, all);
            else if (whenTouched == TailReplay.Touched.OVERWRITE) overwrite(key, all);
            else touched++;
        }
    }

    private Whose whose(Bytes key, List<Version> all) {
        Version last = all.getLast();
        if (!target.newest(key, found)) return last.value == null ? Whose.THERE : Whose.OURS;
        if (last.isSameAs(found) && (!last.isMerge() || isAlone(all))) return Whose.THERE;
        return isOfTheTailsHistory(found, all) ? Whose.OURS : Whose.ANOTHERS;
    }

    // Of several operands the last says nothing about the others.
    private static boolean isAlone(List<Version> all) {
        return all.size() == 1;
    }

    private boolean isOfTheTailsHistory(FoundRow found, List<Version> all) {
        if (found.seq() <= tail.commonSeq()) return true;
        // Operands that are there in part must not count twice: a person decides.
        if (all.stream().anyMatch(Version::isMerge)) return false;
        return all.stream().anyMatch(each -> each.seq == found.seq() && each.isSameAs(found));
    }

    private void write(Bytes key, List<Version> all) {
        written++;
        putAll(key, all);
    }

    private void overwrite(Bytes key, List<Version> all) {
        overwritten++;
        putAll(key, all);
    }

    // What counts of a key: the last value, and what was merged into it, in one batch unless they
    // expire at different times.
    private void putAll(Bytes key, List<Version> all) {
        int from = all.size() - 1;
        while (0 < from && all.get(from).isMerge()) from--;
        Version before = null;
        for (Version each : all.subList(from, all.size())) {
            boolean isApart = before != null && !before.expiresWith(each);
            if (isApart && before.value != null) commit();
            put(key, each);
            before = each;
        }
        if (BATCH_BYTES <= batch.bytes()) commit();
    }

    private void put(Bytes key, Version version) {
        Expiry expiry =
                version.hasExpiry ? Expiry.atMillis(version.expireAtMillis) : Expiry.never();
        Bytes value = version.value;
        if (value == null) batch.delete(key);
        else if (version.isMerge()) batch.merge(key, value, expiry);
        else batch.put(key, value, expiry);
    }

    private void commit() {
        if (batch.isEmpty()) return;
        target.write(batch);
        hasWritten = true;
        batch = new WriteBatch();
    }
}
