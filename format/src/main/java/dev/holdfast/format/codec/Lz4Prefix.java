package dev.holdfast.format.codec;

import dev.holdfast.format.wire.BigEndian;

/// The size before an LZ4 block: 32 bits, little-endian, unlike everything around it.
final class Lz4Prefix {
    static final int BYTES = Integer.BYTES;

    private Lz4Prefix() {}

    // Beyond 2^31 it reads as negative, which no cap allows.
    static int get(byte[] array, int at) {
        return Integer.reverseBytes(BigEndian.u32(array, at));
    }

    static void put(byte[] array, int at, int size) {
        BigEndian.putU32(array, at, Integer.reverseBytes(size));
    }
}
