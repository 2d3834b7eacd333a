package dev.holdfast.engine.api;

/// Figures of an open database at one moment; sizes in bytes, counts since it was opened.
public record DbStats(
        long manifestId,
        long writerEpoch,
        int l0Ssts,
        int sortedRuns,
        long sstBytes,
        long memtableBytes,
        int frozenMemtables,
        long walPuts,
        long walBytes,
        long l0Flushes,
        long blockCacheBytes,
        long blockCacheHits,
        long blockCacheMisses,
        long walRecordsReplayed,
        Watermarks watermarks) {}
