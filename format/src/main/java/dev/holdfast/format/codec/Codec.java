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
    /// Throws [CodecMissingException] if what the codec needs is not there.
    public Bytes decompress(Bytes stored, int sizeMax) {
        try {
            return switch (this) {
                case NONE -> stored;
                case SNAPPY -> SnappyPress.decompress(stored, sizeMax);
                case ZLIB -> Decompressor.zlib(stored, sizeMax);
                case LZ4 -> Lz4Press.decompress(stored, sizeMax);
                case ZSTD -> ZstdPress.decompress(stored, sizeMax);
            };
        } catch (LinkageError missing) {
            throw new CodecMissingException(this, missing);
        }
    }

    SectionPress press() {
        try {
            return switch (this) {
                case NONE -> SectionPress.PLAIN;
                case SNAPPY -> new SnappyPress();
                case ZLIB -> new ZlibPress();
                case LZ4 -> new Lz4Press();
                case ZSTD -> new ZstdPress();
            };
        } catch (LinkageError missing) {
            throw new CodecMissingException(this, missing);
        }
    }

    /// Throws [CodecMissingException] if what the codec needs is not there.
    public void requireThere() {
        press().close();
    }

    String library() {
        return switch (this) {
            case NONE, ZLIB -> "none";
            case SNAPPY -> "org.xerial.snappy:snappy-java";
            case LZ4 -> "at.yawk.lz4:lz4-java";
            case ZSTD -> "com.github.luben:zstd-jni";
        };
    }
}
