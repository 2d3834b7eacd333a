package dev.holdfast.format.codec;

/// Compresses one section after the other with one codec, into the caller's array. Not thread-safe.
///
/// Its maker closes it: zstd and zlib hold native memory.
public final class Compressor implements AutoCloseable {
    private final SectionPress press;

    /// Throws [CodecMissingException] if what the codec needs is not there.
    public Compressor(Codec codec) {
        press = codec.press();
    }

    /// The most bytes that `length` bytes can become.
    public int boundOf(int length) {
        return press.boundOf(length);
    }

    /// Compresses `[0, length)` of `source` into `target` from `at` on, where [#boundOf] bytes are
    /// free, and returns where the result ends.
    public int compress(byte[] source, int length, byte[] target, int at) {
        return press.compress(source, length, target, at);
    }

    @Override
    public void close() {
        press.close();
    }
}
