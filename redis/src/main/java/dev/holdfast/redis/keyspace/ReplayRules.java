package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.local.TailRules;
import java.util.Map;

/// What may be replayed of a tail to Redis databases.
///
/// Invariants:
/// 1. A row that stands for all keys is never replayed: the root of a tail would hide what others
///    have written since, its counts and versions would belong to other rows.
/// 2. A key is replayed only into a generation that is shown: into any other it would be written,
///    and nobody would ever see it.
/// 3. The rows of one Redis key are replayed together or not at all, and never among those of
///    another's that got the same version since.
/// 4. No version that the tail has used is given to anybody again.
/// 5. All libraries of functions are one whole.
public final class ReplayRules implements TailRules {
    private final Reads reads;

    public ReplayRules(Reads reads) {
        this.reads = reads;
    }

    @Override
    public Plan plan(Rows tail) {
        Bytes here = reads.get(RowKeys.ROOT);
        if (here == null) return _ -> false;
        Root root = Root.decode(here);
        Bytes there = tail.last(RowKeys.ROOT);
        if (there != null && !there.equals(here)) throw refused();
        for (Bytes key : tail.keys())
            if (tail.last(key) != null && !isShown(root, key)) throw refused();
        return new OfRedis(new KeyHash(root.seed()), tail, raised(tail));
    }

    // Versions are positive, so that their bytes are in their order.
    private Map<Bytes, Bytes> raised(Rows tail) {
        Bytes there = tail.last(RowKeys.VERSION);
        Bytes here = reads.get(RowKeys.VERSION);
        boolean isRaised = there != null && (here == null || here.compareTo(there) < 0);
        return isRaised ? Map.of(RowKeys.VERSION, there) : Map.of();
    }

    private final class OfRedis implements Plan {
        private final KeyHash hash;
        private final Rows tail;
        private final Map<Bytes, Bytes> first;

        OfRedis(KeyHash hash, Rows tail, Map<Bytes, Bytes> first) {
            this.hash = hash;
            this.tail = tail;
            this.first = first;
        }

        @Override
        public boolean leavesOut(Bytes key) {
            return RowKeys.isOfAllKeys(key);
        }

        @Override
        public Bytes wholeOf(Bytes key) {
            boolean isLibrary = RowKeys.libraryIn(key) != null;
            return isLibrary ? RowKeys.LIBRARIES : RowKeys.metaIn(key, hash);
        }

        // Under one version the rows of two keys could not be told apart.
        @Override
        public boolean mayOverwrite(Bytes whole) {
            if (whole.equals(RowKeys.LIBRARIES)) return true;
            Bytes ours = tail.last(whole);
            Bytes theirs = reads.get(whole);
            if (ours == null || theirs == null || ours.equals(theirs)) return true;
            Meta.Rows rows = Meta.decode(ours).rows();
            return rows.equals(Meta.Rows.NONE)
                    || rows.version() != Meta.decode(theirs).rows().version();
        }

        @Override
        public Map<Bytes, Bytes> first() {
            return first;
        }
    }

    private static boolean isShown(Root root, Bytes rowKey) {
        int generation = RowKeys.generationIn(rowKey);
        return generation == 0 || root.generations().contains(generation);
    }

    private static Invalid refused() {
        return new Invalid(
                "the tail and the database do not show the same Redis databases: FLUSHDB, FLUSHALL"
                        + " or SWAPDB ran on one side since, or they were made apart. Nothing was"
                        + " replayed",
                null);
    }
}
