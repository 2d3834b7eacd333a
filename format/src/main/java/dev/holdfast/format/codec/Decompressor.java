package dev.holdfast.format.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.xerial.snappy.Snappy;

/// Undoes compression. A declared size is believed only up to the caller's cap and to what the
/// codec can make of so few bytes; where none is declared, memory grows with what really comes out.
final class Decompressor {
    private static final LZ4SafeDecompressor LZ4 = LZ4Factory.fastestInstance().safeDecompressor();

    // The most that each codec can make of one byte, by the grammar of its stream.
    private static final int SNAPPY_RATIO_MAX = 32;
    private static final int LZ4_RATIO_MAX = 255;
    private static final int ZSTD_RATIO_MAX = 1 << 16;
    private static final int SMALL = 1 << 12;

    private Decompressor() {}

    static Bytes snappy(Bytes stored, int sizeMax) {
        try {
            int size = Snappy.uncompressedLength(stored.array(), stored.offset(), stored.length());
            byte[] out = new byte[capped(size, sizeMax, (long) stored.length() * SNAPPY_RATIO_MAX)];
            int made = Snappy.uncompress(stored.array(), stored.offset(), stored.length(), out, 0);
            return whole(out, made);
        } catch (IOException malformed) {
            throw new FormatException("snappy stream malformed", malformed);
        }
    }

    static Bytes lz4(Bytes stored, int sizeMax) {
        FormatException.require(
                Lz4Prefix.BYTES < stored.length(), "lz4 truncated", stored.length());
        int size = Lz4Prefix.get(stored.array(), stored.offset());
        int body = stored.length() - Lz4Prefix.BYTES;
        byte[] out = new byte[capped(size, sizeMax, (long) body * LZ4_RATIO_MAX)];
        try {
            int made =
                    LZ4.decompress(stored.array(), stored.offset() + Lz4Prefix.BYTES, body, out, 0);
            return whole(out, made);
        } catch (LZ4Exception malformed) {
            throw new FormatException("lz4 block malformed", malformed);
        }
    }

    static Bytes zlib(Bytes stored, int sizeMax) {
        try (var inflater = new Inflater()) {
            inflater.setInput(stored.array(), stored.offset(), stored.length());
            byte[] out = firstGuess(stored, sizeMax);
            int made = 0;
            while (!inflater.finished()) {
                if (made == out.length) out = grown(out, sizeMax);
                int count = inflater.inflate(out, made, out.length - made);
                FormatException.require(
                        0 < count || inflater.finished(), "zlib stream truncated", stored.length());
                made += count;
            }
            FormatException.require(
                    inflater.getRemaining() == 0,
                    "zlib stream has bytes left over",
                    inflater.getRemaining());
            return made(out, made, sizeMax);
        } catch (DataFormatException malformed) {
            throw new FormatException("zlib stream malformed", malformed);
        }
    }

    static Bytes zstd(Bytes stored, int sizeMax) {
        FormatException.require(!stored.isEmpty(), "zstd frame truncated");
        long size = Zstd.getFrameContentSize(stored.array(), stored.offset(), stored.length());
        if (size <= 0) return zstdUnsized(stored, sizeMax);
        byte[] out = new byte[capped(size, sizeMax, (long) stored.length() * ZSTD_RATIO_MAX)];
        try {
            long made =
                    Zstd.decompressByteArray(
                            out, 0, out.length, stored.array(), stored.offset(), stored.length());
            if (Zstd.isError(made))
                throw new FormatException(
                        "zstd frame malformed. reason=`" + Zstd.getErrorName(made) + "`");
            return whole(out, made);
        } catch (ZstdException malformed) {
            throw new FormatException("zstd frame malformed", malformed);
        }
    }

    // A frame may leave its size out; a stream that ends too early shows up as an IOException.
    private static Bytes zstdUnsized(Bytes stored, int sizeMax) {
        var in = new ByteArrayInputStream(stored.array(), stored.offset(), stored.length());
        try (var stream = new ZstdInputStreamNoFinalizer(in)) {
            byte[] out = firstGuess(stored, sizeMax);
            int made = 0;
            while (true) {
                if (made == out.length) out = grown(out, sizeMax);
                int count = stream.read(out, made, out.length - made);
                if (count < 0) return made(out, made, sizeMax);
                made += count;
            }
        } catch (IOException malformed) {
            throw new FormatException("zstd frame malformed", malformed);
        }
    }

    private static int capped(long size, int sizeMax, long possible) {
        FormatException.require(0 <= size && size <= sizeMax, "uncompressed size", size);
        FormatException.require(size <= possible, "uncompressed size not possible", size);
        return (int) size;
    }

    // One byte above the cap, so that what ends exactly there is seen to end.
    private static byte[] grown(byte[] out, int sizeMax) {
        FormatException.require(
                out.length <= sizeMax, "uncompressed size exceeds its cap", sizeMax);
        return Arrays.copyOf(out, (int) Math.min(sizeMax + 1L, 2L * out.length));
    }

    private static byte[] firstGuess(Bytes stored, int sizeMax) {
        return new byte[(int) Math.min(sizeMax + 1L, Math.max(SMALL, 4L * stored.length()))];
    }

    private static Bytes made(byte[] out, int length, int sizeMax) {
        FormatException.require(length <= sizeMax, "uncompressed size exceeds its cap", sizeMax);
        return Bytes.wrap(out, 0, length);
    }

    private static Bytes whole(byte[] out, long made) {
        FormatException.require(made == out.length, "uncompressed size differs", made);
        return Bytes.wrap(out);
    }
}
