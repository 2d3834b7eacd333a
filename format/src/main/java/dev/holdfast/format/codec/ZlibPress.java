package dev.holdfast.format.codec;

import java.util.zip.Deflater;

/// Zlib, which every Java has.
final class ZlibPress implements SectionPress {
    private final Deflater deflater = new Deflater();

    // Deflate's worst case is stored blocks, five bytes each, around a short frame.
    @Override
    public int boundOf(int length) {
        return Math.addExact(length, (length >>> 10) + 64);
    }

    @Override
    public int compress(byte[] source, int length, byte[] target, int at) {
        deflater.reset();
        deflater.setInput(source, 0, length);
        deflater.finish();
        int made = deflater.deflate(target, at, target.length - at);
        if (!deflater.finished())
            throw new AssertionError("zlib bound too small. length=" + length);
        return at + made;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
