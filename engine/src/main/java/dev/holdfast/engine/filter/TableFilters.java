package dev.holdfast.engine.filter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.upkeep.BloomPolicy;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import java.util.List;

/// The filters of one table, as far as they are known. Immutable.
public final class TableFilters {
    private final FilterPolicy.Filter[] all;

    TableFilters(List<FilterPolicy.Filter> all) {
        this.all = all.toArray(FilterPolicy.Filter[]::new);
    }

    /// True if there is none to ask.
    public boolean isEmpty() {
        return all.length == 0;
    }

    /// False if the table surely has no row of `key`, whose hash for Bloom filters is `hash`.
    public boolean mightHoldKey(Bytes key, long hash) {
        for (FilterPolicy.Filter each : all) {
            boolean might =
                    each instanceof BloomPolicy.Bloom bloom
                            ? bloom.mightHoldKey(key, hash)
                            : each.mightHoldKey(key);
            if (!might) return false;
        }
        return true;
    }

    /// False if the table surely has no row of a key that begins with `prefix`.
    public boolean mightHoldPrefix(Bytes prefix) {
        for (FilterPolicy.Filter each : all) if (!each.mightHoldPrefix(prefix)) return false;
        return true;
    }

    /// What they take in memory.
    public long sizeBytes() {
        long bytes = 0;
        for (FilterPolicy.Filter each : all) bytes += each.sizeBytes();
        return bytes;
    }
}
