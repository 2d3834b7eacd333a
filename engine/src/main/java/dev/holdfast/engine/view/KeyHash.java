package dev.holdfast.engine.view;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A 64-bit hash of a key, by which reads and writes of one process tell keys apart.
///
/// Equal keys have equal hashes; unequal keys may. Never stored.
public final class KeyHash {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private KeyHash() {}

    /// The hash of `length` bytes of `array` from `offset` on.
    public static long of(byte[] array, int offset, int length) {
        long hash = length * PRIME;
        int at = offset;
        int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES)
            hash = mix(hash ^ (long) LONG.get(array, at));
        long rest = 0;
        for (; at < end; at++) rest = rest << 8 | (array[at] & 0xff);
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long high = Math.multiplyHigh(value, PRIME);
        long mixed = value * PRIME ^ high;
        return mixed ^ mixed >>> 32;
    }
}
