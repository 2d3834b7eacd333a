package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.outline.Outlines;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/// The running figures: how many keys each generation holds, and which version comes next.
///
/// Invariants:
/// 1. Counts change in the order of commits, and each batch that changes one carries its new value,
///    so that after a crash the count is that of the rows which were recovered.
/// 2. A batch that uses a version carries a next version above it, so that none is used twice.
final class Figures {
    private final Map<Integer, KeyCount> counts; // guarded by the commit order
    private final AtomicLong nextVersion;
    private final Keyspaces.Traffic traffic = new Keyspaces.Traffic();
    private final Outlines outlines = new Outlines();

    private Figures(Map<Integer, KeyCount> counts, long nextVersion) {
        this.counts = counts;
        this.nextVersion = new AtomicLong(nextVersion);
    }

    /// The figures as `db` shows them.
    static Figures load(Reads db) {
        Map<Integer, KeyCount> counts = new HashMap<>();
        try (Scan scan = db.scan(RowKeys.counts())) {
            while (scan.next())
                counts.put(RowKeys.generationOfCounts(scan.key()), decode(scan.value()));
        }
        Bytes version = db.get(RowKeys.VERSION);
        return new Figures(counts, version == null ? 1 : version(version));
    }

    /// What runs have found and removed since the start.
    Keyspaces.Traffic traffic() {
        return traffic;
    }

    /// The outlines of collections that are kept in memory, which change in the same order.
    Outlines outlines() {
        return outlines;
    }

    /// A version that no key ever had.
    long takeVersion() {
        return nextVersion.getAndIncrement();
    }

    /// Adds to a batch what `changes` make of the figures: the commit hook.
    void apply(Changes changes, WriteBatch batch) {
        for (Map.Entry<Integer, KeyCount> change : changes.byGeneration.entrySet()) {
            int generation = change.getKey();
            KeyCount count = counts.getOrDefault(generation, KeyCount.NONE).plus(change.getValue());
            counts.put(generation, count);
            batch.put(RowKeys.counts(generation), encode(count));
        }
        for (int generation : changes.dropped) {
            counts.remove(generation);
            batch.delete(RowKeys.counts(generation));
        }
        if (changes.usesVersion) batch.put(RowKeys.VERSION, longs(nextVersion.get()));
    }

    static KeyCount decode(Bytes encoded) {
        check(encoded, 2 * Long.BYTES);
        ByteBuffer in = encoded.toBuffer();
        return new KeyCount(in.getLong(), in.getLong());
    }

    private static Bytes encode(KeyCount count) {
        return longs(count.keys(), count.expires());
    }

    private static long version(Bytes encoded) {
        check(encoded, Long.BYTES);
        return encoded.toBuffer().getLong();
    }

    private static Bytes longs(long... values) {
        ByteBuffer out = ByteBuffer.allocate(values.length * Long.BYTES);
        for (long value : values) out.putLong(value);
        return Bytes.wrap(out.array());
    }

    private static void check(Bytes encoded, int length) {
        if (encoded.length() != length)
            throw new StorageException.CorruptData(
                    "figures row invalid. length=`" + encoded.length() + "`", null);
    }

    /// What one run changes of the figures. Not thread-safe.
    static final class Changes {
        private final Map<Integer, KeyCount> byGeneration = new HashMap<>(2);
        private final Set<Integer> dropped = new TreeSet<>();
        private boolean usesVersion;

        boolean isEmpty() {
            return byGeneration.isEmpty() && dropped.isEmpty() && !usesVersion;
        }

        void add(int generation, long keys, long expires) {
            if (keys == 0 && expires == 0) return;
            byGeneration.merge(generation, new KeyCount(keys, expires), KeyCount::plus);
        }

        void drop(int generation) {
            byGeneration.remove(generation);
            dropped.add(generation);
        }

        void useVersion() {
            usesVersion = true;
        }

        /// A copy, to go back to.
        Changes copy() {
            var copy = new Changes();
            copy.byGeneration.putAll(byGeneration);
            copy.dropped.addAll(dropped);
            copy.usesVersion = usesVersion;
            return copy;
        }

        KeyCount of(int generation) {
            return byGeneration.getOrDefault(generation, KeyCount.NONE);
        }
    }
}
