package dev.holdfast.bench.peer;

/// The keys of all peers: 16 bytes, spread over the whole space, each told by its number.
public final class Keys {
    private static final int BYTES = 16;
    private static final int HALF = 8;
    private static final int TOP = 56;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private Keys() {}

    /// The key that is told by `number`.
    public static byte[] of(long number) {
        var key = new byte[BYTES];
        long hash = number * SPREAD;
        for (int i = 0; i < HALF; i++) {
            key[i] = (byte) (hash >>> TOP - 8 * i);
            key[HALF + i] = (byte) (number >>> TOP - 8 * i);
        }
        return key;
    }

    /// The keys of `count` numbers from `first` on.
    public static byte[][] from(long first, int count) {
        var keys = new byte[count][];
        for (int i = 0; i < count; i++) keys[i] = of(first + i);
        return keys;
    }

    /// A value of so many bytes.
    public static byte[] value(int length) {
        var value = new byte[length];
        for (int i = 0; i < length; i++) value[i] = (byte) (33 + i * 7919 % 90);
        return value;
    }
}
