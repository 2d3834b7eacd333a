package dev.holdfast.redis.migrate;

/// Who wants to know how an import goes.
public interface ImportWatcher {
    /// So many keys of the source are behind, those of an earlier run included.
    void came(long keys);
}
