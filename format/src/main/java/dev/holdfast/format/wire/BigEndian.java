package dev.holdfast.format.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Big-endian integers in byte arrays: the order of everything outside FlatBuffers.
public final class BigEndian {
    private static final VarHandle U16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U64 =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BigEndian() {}

    /// The unsigned 16-bit integer at `at`.
    public static int u16(byte[] array, int at) {
        return (short) U16.get(array, at) & 0xffff;
    }

    /// The 32-bit integer at `at`.
    public static int u32(byte[] array, int at) {
        return (int) U32.get(array, at);
    }

    /// The 64-bit integer at `at`.
    public static long u64(byte[] array, int at) {
        return (long) U64.get(array, at);
    }

    /// Writes the low 16 bits of `value` and returns where they end.
    public static int putU16(byte[] array, int at, int value) {
        U16.set(array, at, (short) value);
        return at + Short.BYTES;
    }

    /// Writes `value` and returns where it ends.
    public static int putU32(byte[] array, int at, int value) {
        U32.set(array, at, value);
        return at + Integer.BYTES;
    }

    /// Writes `value` and returns where it ends.
    public static int putU64(byte[] array, int at, long value) {
        U64.set(array, at, value);
        return at + Long.BYTES;
    }
}
