package dev.holdfast.format.codec;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;

/// How sections are compressed; the ordinal is the id in the file.
public enum Codec {
    NONE,
    SNAPPY,
    ZLIB,
    LZ4,
    ZSTD;

    private static final Codec[] ALL = values();

    /// The codec with this id.
    public static Codec of(int id) {
        FormatException.require(0 <= id && id < ALL.length, "compression unknown. id", id);
        return ALL[id];
    }

    /// The number that stands for it in a file.
    public int id() {
        return ordinal();
    }

    /// What was compressed, at most `sizeMax` bytes of it. The result of NONE is `stored` itself.
    public Bytes decompress(Bytes stored, int sizeMax) {
        return switch (this) {
            case NONE -> stored;
            case SNAPPY -> Decompressor.snappy(stored, sizeMax);
            case ZLIB -> Decompressor.zlib(stored, sizeMax);
            case LZ4 -> Decompressor.lz4(stored, sizeMax);
            case ZSTD -> Decompressor.zstd(stored, sizeMax);
        };
    }
}
