package dev.holdfast.format.codec;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/// LZ4: one block behind its size.
final class Lz4Press implements SectionPress {
    private static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();
    private static final int RATIO_MAX = 255; // by the grammar of its stream

    @Override
    public int boundOf(int length) {
        return Lz4Prefix.BYTES + COMPRESSOR.maxCompressedLength(length);
    }

    @Override
    public int compress(byte[] source, int length, byte[] target, int at) {
        Lz4Prefix.put(target, at, length);
        int body = at + Lz4Prefix.BYTES;
        return body + COMPRESSOR.compress(source, 0, length, target, body, target.length - body);
    }

    static Bytes decompress(Bytes stored, int sizeMax) {
        FormatException.require(
                Lz4Prefix.BYTES < stored.length(), "lz4 truncated", stored.length());
        int size = Lz4Prefix.get(stored.array(), stored.offset());
        int body = stored.length() - Lz4Prefix.BYTES;
        byte[] out = new byte[Decompressor.capped(size, sizeMax, (long) body * RATIO_MAX)];
        int from = stored.offset() + Lz4Prefix.BYTES;
        try {
            int made = DECOMPRESSOR.decompress(stored.array(), from, body, out, 0);
            return Decompressor.whole(out, made);
        } catch (LZ4Exception malformed) {
            throw new FormatException("lz4 block malformed", malformed);
        }
    }
}
