package dev.holdfast.redis.upkeep;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.upkeep.CompactionFilter;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.RowKeys;
import org.jspecify.annotations.Nullable;

/// Drops data rows that no value has any more, as compactions come by. Needs no lookup: the meta
/// row of a key stands before its data rows, and was written whenever one of them was.
///
/// Invariants:
/// 1. A data row is dropped only behind a newer meta row of its key which names another version, or
///    says that the key is gone.
/// 2. Such a meta row of a key that is gone is dropped only if nothing lies beneath it, and all
///    data rows of the key are decided on after it.
public final class DeadRows implements CompactionFilter {
    /// Makes one for each part. No part begins within a key, whose meta row it would not see.
    public static final Factory FACTORY =
            new Factory() {
                @Override
                public CompactionFilter filterFor(Job job) {
                    return new DeadRows(job);
                }

                @Override
                public Bytes cutBefore(Bytes key) {
                    return RowKeys.isOfOneKey(key) ? RowKeys.metaKeyIn(key) : key;
                }
            };

    private final Job job;
    private Bytes metaKey = Bytes.EMPTY; // of the meta row met last; empty if its key has ended
    private long liveVersion;
    private long metaSeq;

    public DeadRows(Job job) {
        this.job = job;
    }

    @Override
    public Decision decide(Candidate row) {
        Bytes key = row.key();
        if (!RowKeys.isOfOneKey(key)) return Decision.KEEP;
        if (!metaKey.isEmpty() && key.startsWith(metaKey)) {
            boolean isMeta = key.length() == metaKey.length();
            return isMeta || !isDead(row) ? Decision.KEEP : Decision.DROP;
        }
        metaKey = Bytes.EMPTY;
        if (RowKeys.metaLength(key) != key.length()) return Decision.KEEP;
        metaKey = Bytes.copyOf(key.toArray());
        liveVersion = Meta.liveVersion(row.value());
        metaSeq = row.seq();
        boolean isOver = Meta.isGone(row.value()) && job.isBottom() && isWhole(job.end());
        return isOver ? Decision.DROP : Decision.KEEP;
    }

    private boolean isDead(Candidate row) {
        return row.seq() < metaSeq && RowKeys.versionIn(row.key(), metaKey.length()) != liveVersion;
    }

    // False if the rest of the key's rows are another part's.
    private boolean isWhole(@Nullable Bytes end) {
        return end == null || !end.startsWith(metaKey);
    }
}
