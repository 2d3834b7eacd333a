package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import java.io.OutputStream;

/// Writes a snapshot from its beginning to its end, in the version that Redis 7.0 writes. Not
/// thread-safe.
///
/// Between [#key] and the next call the value is written, in the form that [#key] was told.
public final class RdbWriter {
    /// The version that is written.
    public static final int VERSION = 10;

    private final RdbOutput out;

    /// Writes the head.
    public RdbWriter(OutputStream target) {
        this.out = new RdbOutput(target);
        out.raw(Bytes.utf8("REDIS00" + VERSION));
    }

    /// Where values are written to.
    public RdbOutput out() {
        return out;
    }

    /// Something about the snapshot itself.
    public void aside(String name, String value) {
        out.u8(Opcode.ASIDE.tag());
        out.string(Bytes.utf8(name));
        out.string(Bytes.utf8(value));
    }

    /// The source of a library of functions.
    public void functions(Bytes source) {
        out.u8(Opcode.FUNCTIONS.tag());
        out.string(source);
    }

    /// What follows is of the database `index`, with so many keys, of which so many expire.
    public void database(int index, long keys, long expiring) {
        out.u8(Opcode.DATABASE.tag());
        out.length(index);
        out.u8(Opcode.SIZES.tag());
        out.length(keys);
        out.length(expiring);
    }

    /// A key, whose value comes next in the form `type`.
    ///
    /// @param expireAtMillis [RdbRecord.Key#NO_EXPIRY] if it does not
    public void key(Bytes key, RdbType type, long expireAtMillis) {
        if (expireAtMillis != RdbRecord.Key.NO_EXPIRY) {
            out.u8(Opcode.EXPIRE_MILLIS.tag());
            out.le64(expireAtMillis);
        }
        out.u8(type.tag());
        out.string(key);
    }

    /// Writes the end, and has the target get all of it.
    public void end() {
        out.u8(Opcode.END.tag());
        out.le64(out.checksum());
        out.flush();
    }
}
