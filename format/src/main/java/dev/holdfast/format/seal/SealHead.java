package dev.holdfast.format.seal;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;

/// What a sealed section begins with: all that its key follows from, but for the secret.
///
/// The magic is one that no section in clear can begin with, in any codec and any version.
///
/// @param keyId names the key in its owner's ring
/// @param keyCheck follows from the key: tells a wrong one from damage
/// @param object the table that the section belongs to; zero in logs
/// @param salt drawn for this file
/// @param position of the section in its file, or its number in a log
public record SealHead(int keyId, int keyCheck, Ulid object, Ulid salt, long position) {
    /// How many bytes it takes.
    public static final int BYTES = 4 + 1 + 4 + 4 + 16 + 16 + 8;

    /// How many of them tell the key.
    public static final int KEY_BYTES = 4 + 1 + 4;

    private static final int MAGIC = 0xffffffff;
    private static final int VERSION = 1;

    /// True if a section begins with such a head.
    public static boolean isSealed(Bytes stored) {
        return Integer.BYTES <= stored.length()
                && BigEndian.u32(stored.array(), stored.offset()) == MAGIC;
    }

    /// The number of the key, from the first bytes of a section; 0 if it is in clear.
    public static int keyId(Bytes start) {
        if (!isSealed(start)) return 0;
        FormatException.require(
                KEY_BYTES <= start.length(), "sealed section truncated. length", start.length());
        return BigEndian.u32(start.array(), start.offset() + Integer.BYTES + 1);
    }

    /// Writes it at `at`.
    public void encode(byte[] target, int at) {
        int end = BigEndian.putU32(target, at, MAGIC);
        target[end++] = VERSION;
        end = BigEndian.putU32(target, end, keyId);
        end = BigEndian.putU32(target, end, keyCheck);
        end = BigEndian.putU64(target, end, object.high());
        end = BigEndian.putU64(target, end, object.low());
        end = BigEndian.putU64(target, end, salt.high());
        end = BigEndian.putU64(target, end, salt.low());
        end = BigEndian.putU64(target, end, position);
        if (end != at + BYTES) throw new AssertionError("length " + (end - at));
    }

    /// Reads it. Throws [FormatException] if there is none that is whole, or of a newer version.
    public static SealHead decode(Bytes stored) {
        FormatException.require(isSealed(stored), "section is not sealed");
        FormatException.require(
                BYTES <= stored.length(), "sealed section truncated. length", stored.length());
        byte[] array = stored.array();
        int at = stored.offset() + Integer.BYTES;
        int version = array[at++];
        FormatException.require(version == VERSION, "seal of an unknown version", version);
        return new SealHead(
                BigEndian.u32(array, at),
                BigEndian.u32(array, at + 4),
                new Ulid(BigEndian.u64(array, at + 8), BigEndian.u64(array, at + 16)),
                new Ulid(BigEndian.u64(array, at + 24), BigEndian.u64(array, at + 32)),
                BigEndian.u64(array, at + 40));
    }
}
