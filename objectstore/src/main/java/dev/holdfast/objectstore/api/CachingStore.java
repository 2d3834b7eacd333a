package dev.holdfast.objectstore.api;

/// A store that keeps parts of another one on a disk. Thread-safe.
public interface CachingStore extends ObjectStore {
    /// What the cache has done since it was made.
    Figures cacheFigures();

    /// Takes the files of the cache into use; until then all is asked of the store behind it.
    /// Idempotent.
    void openCache();

    /// Lets go of the files of the cache alone, in an order that the next to open them can use:
    /// from now on all is asked of the store behind it. Idempotent.
    void closeCache();

    /// What a cache holds and what it was worth.
    ///
    /// @param bytes that its files take now
    /// @param hits parts that were there
    /// @param misses parts that had to be fetched
    /// @param evictions parts that had to go for others
    /// @param damaged parts that were thrown away, as they were not what was written
    /// @param failures of the disk
    record Figures(
            long bytes, long hits, long misses, long evictions, long damaged, long failures) {}
}
