package dev.holdfast.format.codec;

/// Compresses sections with one codec. Each stands alone, so that a library is looked for only by
/// who uses it. Not thread-safe.
interface SectionPress extends AutoCloseable {
    /// The most that `length` bytes can become.
    int boundOf(int length);

    /// Compresses `[0, length)` of `source` into `target` from `at` on, and returns where that
    /// ends.
    int compress(byte[] source, int length, byte[] target, int at);

    @Override
    default void close() {}

    /// Leaves bytes as they are.
    SectionPress PLAIN =
            new SectionPress() {
                @Override
                public int boundOf(int length) {
                    return length;
                }

                @Override
                public int compress(byte[] source, int length, byte[] target, int at) {
                    System.arraycopy(source, 0, target, at, length);
                    return at + length;
                }
            };
}
