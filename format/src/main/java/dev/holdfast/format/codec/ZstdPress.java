package dev.holdfast.format.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// Zstandard: one frame.
final class ZstdPress implements SectionPress {
    private static final int LEVEL = 3;
    private static final int RATIO_MAX = 1 << 16; // by the grammar of its stream

    private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);

    @Override
    public int boundOf(int length) {
        return Math.toIntExact(Zstd.compressBound(length));
    }

    @Override
    public int compress(byte[] source, int length, byte[] target, int at) {
        return at + context.compressByteArray(target, at, target.length - at, source, 0, length);
    }

    @Override
    public void close() {
        context.close();
    }

    static Bytes decompress(Bytes stored, int sizeMax) {
        FormatException.require(!stored.isEmpty(), "zstd frame truncated");
        long size = Zstd.getFrameContentSize(stored.array(), stored.offset(), stored.length());
        if (size <= 0) return unsized(stored, sizeMax);
        byte[] out =
                new byte[Decompressor.capped(size, sizeMax, (long) stored.length() * RATIO_MAX)];
        try {
            long made =
                    Zstd.decompressByteArray(
                            out, 0, out.length, stored.array(), stored.offset(), stored.length());
            if (Zstd.isError(made))
                throw new FormatException(
                        "zstd frame malformed. reason=`" + Zstd.getErrorName(made) + "`");
            return Decompressor.whole(out, made);
        } catch (ZstdException malformed) {
            throw new FormatException("zstd frame malformed", malformed);
        }
    }

    // A frame may leave its size out; a stream that ends too early shows up as an IOException.
    private static Bytes unsized(Bytes stored, int sizeMax) {
        var in = new ByteArrayInputStream(stored.array(), stored.offset(), stored.length());
        try (var stream = new ZstdInputStreamNoFinalizer(in)) {
            byte[] out = Decompressor.firstGuess(stored, sizeMax);
            int made = 0;
            while (true) {
                if (made == out.length) out = Decompressor.grown(out, sizeMax);
                int count = stream.read(out, made, out.length - made);
                if (count < 0) return Decompressor.made(out, made, sizeMax);
                made += count;
            }
        } catch (IOException malformed) {
            throw new FormatException("zstd frame malformed", malformed);
        }
    }
}
