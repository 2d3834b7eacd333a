package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// SipHash-1-3 cut to 32 bits: the order in which keys, fields and members are kept.
///
/// The seed is drawn when the database is made, so that nobody outside can choose keys that all
/// fall on one place. Immutable.
final class KeyHash {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;

    KeyHash(Bytes seed) {
        ByteBuffer in = seed.toBuffer().order(ByteOrder.LITTLE_ENDIAN);
        key0 = in.getLong();
        key1 = in.getLong();
    }

    /// The low 32 bits of the hash.
    int of(Bytes bytes) {
        return (int) hash(bytes);
    }

    long hash(Bytes bytes) {
        var state = new State(key0, key1);
        byte[] array = bytes.array();
        int end = bytes.offset() + bytes.length();
        int at = bytes.offset();
        for (; at + Long.BYTES <= end; at += Long.BYTES) state.take((long) LONG.get(array, at));
        long last = (long) bytes.length() << 56;
        for (int shift = 0; at < end; shift += Byte.SIZE) last |= (array[at++] & 0xffL) << shift;
        state.take(last);
        return state.end();
    }

    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        void take(long word) {
            v3 ^= word;
            round();
            v0 ^= word;
        }

        long end() {
            v2 ^= 0xff;
            round();
            round();
            round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
