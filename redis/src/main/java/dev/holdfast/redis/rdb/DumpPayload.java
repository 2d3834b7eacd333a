package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// What DUMP answers and RESTORE takes: one value, and what it takes to trust it.
///
/// ```
/// | type u8 | value | version u16 | checksum of all before u64 |, least byte first
/// ```
public final class DumpPayload {
    private static final int TAIL_BYTES = Short.BYTES + Long.BYTES;

    private DumpPayload() {}

    /// Writes what comes behind a type and a value, and has the target get all of it.
    public static void end(RdbOutput out) {
        out.little(RdbWriter.VERSION, Short.BYTES);
        out.le64(out.checksum());
        out.flush();
    }

    /// The type and value in `payload`; null if its version is not known or its checksum is wrong.
    public static @Nullable Bytes open(Bytes payload) {
        int length = payload.length() - TAIL_BYTES;
        if (length < 0) return null;
        ByteBuffer tail = payload.toBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int version = Short.toUnsignedInt(tail.getShort(length));
        var crc = new Crc64();
        int from = payload.offset();
        crc.update(payload.array(), from, from + length + Short.BYTES);
        boolean isRight = crc.value() == tail.getLong(length + Short.BYTES);
        return isRight && version <= RdbReader.VERSION_MAX ? payload.slice(0, length) : null;
    }
}
