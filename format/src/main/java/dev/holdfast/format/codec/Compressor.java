package dev.holdfast.format.codec;

import static java.util.Objects.requireNonNull;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/// Compresses one section after the other with one codec, into the caller's array. Not thread-safe.
///
/// Its maker closes it: zstd and zlib hold native memory.
public final class Compressor implements AutoCloseable {
    private static final int ZSTD_LEVEL = 3;
    private static final LZ4Compressor LZ4 = LZ4Factory.fastestInstance().fastCompressor();

    private final Codec codec;
    private final @Nullable ZstdCompressCtx zstd;
    private final @Nullable Deflater deflater;

    public Compressor(Codec codec) {
        this.codec = codec;
        zstd = codec == Codec.ZSTD ? new ZstdCompressCtx().setLevel(ZSTD_LEVEL) : null;
        deflater = codec == Codec.ZLIB ? new Deflater() : null;
    }

    /// The most bytes that `length` bytes can become.
    public int boundOf(int length) {
        return switch (codec) {
            case NONE -> length;
            case SNAPPY -> Snappy.maxCompressedLength(length);
            // deflate's worst case is stored blocks, five bytes each, around a short frame.
            case ZLIB -> Math.addExact(length, (length >>> 10) + 64);
            case LZ4 -> Lz4Prefix.BYTES + LZ4.maxCompressedLength(length);
            case ZSTD -> Math.toIntExact(Zstd.compressBound(length));
        };
    }

    /// Compresses `[0, length)` of `source` into `target` from `at` on, where [#boundOf] bytes are
    /// free, and returns where the result ends.
    public int compress(byte[] source, int length, byte[] target, int at) {
        return switch (codec) {
            case NONE -> {
                System.arraycopy(source, 0, target, at, length);
                yield at + length;
            }
            case SNAPPY -> at + snappy(source, length, target, at);
            case ZLIB -> at + zlib(source, length, target, at);
            case LZ4 -> {
                Lz4Prefix.put(target, at, length);
                int body = at + Lz4Prefix.BYTES;
                yield body + LZ4.compress(source, 0, length, target, body, target.length - body);
            }
            case ZSTD ->
                    at
                            + requireNonNull(zstd)
                                    .compressByteArray(
                                            target, at, target.length - at, source, 0, length);
        };
    }

    private static int snappy(byte[] source, int length, byte[] target, int at) {
        try {
            return Snappy.compress(source, 0, length, target, at);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private int zlib(byte[] source, int length, byte[] target, int at) {
        Deflater open = requireNonNull(deflater);
        open.reset();
        open.setInput(source, 0, length);
        open.finish();
        int made = open.deflate(target, at, target.length - at);
        if (!open.finished()) throw new AssertionError("zlib bound too small. length=" + length);
        return made;
    }

    @Override
    public void close() {
        if (zstd != null) zstd.close();
        if (deflater != null) deflater.end();
    }
}
