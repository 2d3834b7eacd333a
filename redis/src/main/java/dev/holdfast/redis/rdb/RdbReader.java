package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbException.Damaged;
import dev.holdfast.redis.rdb.RdbException.Unsupported;
import dev.holdfast.redis.rdb.RdbRecord.Key;
import java.io.InputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a snapshot from its beginning to its end, record by record. Not thread-safe.
///
/// What it throws is an [RdbException] that says where. How long a key was not used, or how often
/// it was, is read and forgotten: nobody here counts it.
public final class RdbReader {
    /// The newest version that is understood.
    public static final int VERSION_MAX = 11;

    private static final Bytes MAGIC = Bytes.utf8("REDIS");
    private static final int VERSION_DIGITS = 4;
    private static final int WITH_CHECKSUM = 5;
    private static final long MILLIS = 1000;

    private final RdbInput in;
    private final int version;
    private @Nullable RdbType unread; // the type of a value that nobody has asked for yet
    private boolean isAtEnd;
    private boolean isChecked;

    private RdbReader(RdbInput in, int version) {
        this.in = in;
        this.version = version;
    }

    /// Reads the head of a snapshot.
    public static RdbReader open(InputStream source) {
        var in = new RdbInput(source);
        Bytes magic = in.bytes(MAGIC.length());
        if (!magic.equals(MAGIC)) throw new Damaged("no snapshot of Redis", 0);
        int version = 0;
        for (int i = 0; i < VERSION_DIGITS; i++) {
            int digit = in.u8() - '0';
            if (digit < 0 || 9 < digit) throw new Damaged("version is no number", in.offset() - 1);
            version = 10 * version + digit;
        }
        if (version < 1 || VERSION_MAX < version)
            throw new Unsupported("version unknown. version=`" + version + "`", MAGIC.length());
        return new RdbReader(in, version);
    }

    /// The version of the snapshot.
    public int version() {
        return version;
    }

    /// How many bytes were read.
    public long offset() {
        return in.offset();
    }

    /// The checksum of what was read.
    public long checksum() {
        return in.checksum();
    }

    /// True if the end was reached, and a checksum there was right.
    public boolean isChecked() {
        return isChecked;
    }

    /// The next record; null at the end, where the checksum was right if there was one. A value
    /// that was not asked for is skipped.
    public @Nullable RdbRecord next() {
        if (unread != null) skip();
        if (isAtEnd) return null;
        long expireAtMillis = Key.NO_EXPIRY;
        while (true) {
            long at = in.offset();
            int tag = in.u8();
            Opcode opcode = Opcode.ofTag(tag);
            if (opcode == null) return key(tag, expireAtMillis, at);
            switch (opcode) {
                case EXPIRE_MILLIS -> expireAtMillis = in.le64();
                case EXPIRE_SECONDS -> expireAtMillis = (int) in.le32() * MILLIS;
                case FREQUENCY -> in.u8();
                case IDLE -> in.length();
                case END -> {
                    end();
                    return null;
                }
                case ASIDE, DATABASE, SIZES, MODULE_ASIDE, FUNCTIONS -> {
                    return record(opcode);
                }
                case FUNCTIONS_PRE_GA ->
                        throw new Unsupported("functions of a release candidate", at);
            }
        }
    }

    /// Tells the value of the key that came last, part by part.
    public void value(Consumer<RdbPart> visitor) {
        RdbType type = unread;
        if (type == null) throw new IllegalStateException("no value comes next");
        unread = null;
        ValueReader.read(in, type, visitor);
    }

    /// Reads over the value of the key that came last, whatever it is.
    public void skip() {
        try {
            value(_ -> {});
        } catch (Unsupported skipped) {
            // It stands behind the value, which is all that is wanted.
            unread = null;
        }
    }

    private RdbRecord record(Opcode opcode) {
        return switch (opcode) {
            case ASIDE -> new RdbRecord.Aside(in.string(), in.string());
            case DATABASE -> new RdbRecord.Database(in.count());
            case SIZES -> new RdbRecord.Sizes(in.count(), in.count());
            case FUNCTIONS -> new RdbRecord.Functions(in.string());
            case MODULE_ASIDE -> new RdbRecord.ModuleAside(ModuleValue.skipAside(in));
            case EXPIRE_MILLIS, EXPIRE_SECONDS, FREQUENCY, IDLE, END, FUNCTIONS_PRE_GA ->
                    throw new AssertionError(opcode);
        };
    }

    private Key key(int tag, long expireAtMillis, long at) {
        RdbType type = RdbType.ofTag(tag);
        if (type == null) throw new Unsupported("value of an unknown type. type=`" + tag + "`", at);
        Key key = new Key(in.string(), type, expireAtMillis);
        unread = type;
        return key;
    }

    private void end() {
        isAtEnd = true;
        if (version < WITH_CHECKSUM) return;
        long computed = in.checksum();
        long at = in.offset();
        long written = in.le64();
        if (written == 0) return; // told not to have one
        if (written != computed) throw new Damaged("checksum wrong", at);
        isChecked = true;
    }
}
