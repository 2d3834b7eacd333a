package dev.holdfast.engine.api;

/// How blocks of tables are compressed.
///
/// ```java
/// Settings smaller = Settings.defaults().but().compression(Compression.ZSTD).build();
/// ```
public enum Compression {
    NONE,
    SNAPPY,
    ZLIB,
    LZ4,
    ZSTD
}
