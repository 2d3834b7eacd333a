package dev.holdfast.engine.api;

/// How blocks of tables are compressed.
public enum Compression {
    NONE,
    SNAPPY,
    ZLIB,
    LZ4,
    ZSTD
}
