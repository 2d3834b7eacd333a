package dev.holdfast.format.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// SipHash-1-3 with the key (0, 0): one round a word, three at the end.
public final class SipHash {
    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private SipHash() {}

    /// The hash of `[offset, offset + length)`.
    public static long of(byte[] array, int offset, int length) {
        long v0 = 0x736f6d6570736575L;
        long v1 = 0x646f72616e646f6dL;
        long v2 = 0x6c7967656e657261L;
        long v3 = 0x7465646279746573L;
        int words = length >>> 3;
        // The last word is the rest with the length on top; four more rounds finish.
        for (int i = 0; i <= words + 3; i++) {
            long word = 0;
            if (i < words) word = (long) WORD.get(array, offset + 8 * i);
            else if (i == words) word = rest(array, offset + 8 * words, length);
            else if (i == words + 1) v2 ^= 0xff;
            v3 ^= word;
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long rest(byte[] array, int from, int length) {
        long word = (long) length << 56;
        for (int i = 0; i < (length & 7); i++) word |= (array[from + i] & 0xffL) << (8 * i);
        return word;
    }
}
