package dev.holdfast.redis.hyperloglogs;

import dev.holdfast.base.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// MurmurHash2 in its form of 64 bits, with the seed that Redis has.
final class MurmurHash {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = 0xadc83b19L;
    private static final long FACTOR = 0xc6a4a7935bd1e995L;
    private static final int SHIFT = 47;

    private MurmurHash() {}

    static long of(Bytes bytes) {
        long hash = SEED ^ bytes.length() * FACTOR;
        int at = bytes.offset();
        int end = at + bytes.length();
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long word = (long) LONG.get(bytes.array(), at) * FACTOR;
            word ^= word >>> SHIFT;
            hash = (hash ^ word * FACTOR) * FACTOR;
        }
        if (at < end) {
            long last = 0;
            for (int shift = 0; at < end; shift += Byte.SIZE)
                last |= (bytes.array()[at++] & 0xffL) << shift;
            hash = (hash ^ last) * FACTOR;
        }
        hash = (hash ^ hash >>> SHIFT) * FACTOR;
        return hash ^ hash >>> SHIFT;
    }
}
