package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.local.TailRules;
import java.util.function.Predicate;

/// What may be replayed of a tail to Redis databases.
///
/// Invariants:
/// 1. A row that stands for all keys is never replayed: the root of a tail would hide what others
///    have written since, its counts and versions would belong to other rows.
/// 2. A key is replayed only into a generation that is shown: into any other it would be written,
///    and nobody would ever see it.
public final class ReplayRules implements TailRules {
    private final Reads reads;

    public ReplayRules(Reads reads) {
        this.reads = reads;
    }

    @Override
    public Predicate<Bytes> leftOut(Rows tail) {
        Bytes here = reads.get(RowKeys.ROOT);
        if (here == null) return _ -> false;
        Root root = Root.decode(here);
        Bytes there = tail.last(RowKeys.ROOT);
        if (there != null && !there.equals(here)) throw refused();
        for (Bytes key : tail.keys())
            if (tail.last(key) != null && !isShown(root, key)) throw refused();
        return RowKeys::isOfAllKeys;
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
