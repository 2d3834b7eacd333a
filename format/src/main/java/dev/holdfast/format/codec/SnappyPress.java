package dev.holdfast.format.codec;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.xerial.snappy.Snappy;

/// Snappy, raw and unframed.
final class SnappyPress implements SectionPress {
    private static final int RATIO_MAX = 32; // by the grammar of its stream

    SnappyPress() {
        boundOf(1); // loads the library
    }

    @Override
    public int boundOf(int length) {
        return Snappy.maxCompressedLength(length);
    }

    @Override
    public int compress(byte[] source, int length, byte[] target, int at) {
        try {
            return at + Snappy.compress(source, 0, length, target, at);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static Bytes decompress(Bytes stored, int sizeMax) {
        try {
            int size = Snappy.uncompressedLength(stored.array(), stored.offset(), stored.length());
            long possible = (long) stored.length() * RATIO_MAX;
            byte[] out = new byte[Decompressor.capped(size, sizeMax, possible)];
            int made = Snappy.uncompress(stored.array(), stored.offset(), stored.length(), out, 0);
            return Decompressor.whole(out, made);
        } catch (IOException malformed) {
            throw new FormatException("snappy stream malformed", malformed);
        }
    }
}
