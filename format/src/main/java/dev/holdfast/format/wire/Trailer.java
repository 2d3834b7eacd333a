package dev.holdfast.format.wire;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What ends the manifests and compactions files that Holdfast writes, behind the FlatBuffer, where
/// other readers do not look:
///
/// ```
/// put id: 16 bytes | length of what stands before: u32 | magic: u32 | crc32c of all before: u32
/// ```
///
/// The FlatBuffer itself carries [#MARK] between its first reference and its tables, where nothing
/// refers to it. A file with the mark must end with a trailer, so that one cut at its exact start
/// is told from a file that never had one. Behind the mark a file of a numbered kind tells which
/// one it is, so that the bytes of another do not pass for it: `HFNUMBER | number: u64`.
public final class Trailer {
    /// How many bytes it takes.
    public static final int BYTES = 2 * Long.BYTES + 3 * Integer.BYTES;

    private static final byte[] MARK = "HFTRAIL1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NUMBER_MARK = "HFNUMBER".getBytes(StandardCharsets.US_ASCII);
    private static final int MARK_AT = Short.BYTES + Integer.BYTES;
    private static final int NUMBER_MARK_AT = MARK_AT + MARK.length;
    private static final int NUMBER_AT = NUMBER_MARK_AT + NUMBER_MARK.length;
    private static final int MAGIC = 0x48465431;
    private static final int LENGTH_AT = 2 * Long.BYTES;
    private static final int MAGIC_AT = LENGTH_AT + Integer.BYTES;
    private static final int CRC_AT = MAGIC_AT + Integer.BYTES;

    /// What stands before the version's FlatBuffer.
    public static final int VERSION_BYTES = Short.BYTES;

    private Trailer() {}

    /// A file taken apart: its version and its FlatBuffer.
    ///
    /// @param putId null where it has no trailer
    /// @param number which one of its kind it is, from 1; 0 where it does not tell
    public record Parts(int version, Bytes flatBuffer, @Nullable Ulid putId, long number) {}

    /// Ends the FlatBuffer with its mark, and puts version and trailer around it; the file tells no
    /// number.
    public static Bytes seal(int version, FlatBuilder builder, int root, Ulid putId) {
        return seal(version, builder, root, putId, 0);
    }

    /// The same for a file that tells its number, unless that is 0.
    public static Bytes seal(int version, FlatBuilder builder, int root, Ulid putId, long number) {
        builder.unreferenced(number == 0 ? MARK : markedWith(number));
        Bytes flatBuffer = builder.finish(root);
        int length = VERSION_BYTES + flatBuffer.length();
        byte[] file = new byte[length + BYTES];
        BigEndian.putU16(file, 0, version);
        flatBuffer.copyTo(file, VERSION_BYTES);
        int at = BigEndian.putU64(file, length, putId.high());
        at = BigEndian.putU64(file, at, putId.low());
        at = BigEndian.putU32(file, at, length);
        at = BigEndian.putU32(file, at, MAGIC);
        BigEndian.putU32(file, at, crc(file, 0, at));
        return Bytes.wrap(file);
    }

    /// Takes a file apart; a trailer is checked. Any sign of one (mark, magic, length) demands that
    /// it be whole.
    public static Parts open(Bytes file, String what) {
        if (file.length() < VERSION_BYTES + Integer.BYTES)
            throw new FormatException(what + " truncated. length=`" + file.length() + "`");
        int version = BigEndian.u16(file.array(), file.offset());
        if (!hasSign(file))
            return new Parts(version, file.slice(VERSION_BYTES, file.length()), null, 0);
        int length = file.length() - BYTES;
        if (length < VERSION_BYTES + Integer.BYTES)
            throw new FormatException(what + " truncated. length=`" + file.length() + "`");
        int trailer = file.offset() + length;
        byte[] array = file.array();
        boolean isWhole =
                BigEndian.u32(array, trailer + MAGIC_AT) == MAGIC
                        && BigEndian.u32(array, trailer + LENGTH_AT) == length
                        && BigEndian.u32(array, trailer + CRC_AT)
                                == crc(array, file.offset(), length + CRC_AT);
        if (!isWhole)
            throw new FormatException(what + " trailer does not match. length=`" + length + "`");
        Ulid putId =
                new Ulid(BigEndian.u64(array, trailer), BigEndian.u64(array, trailer + Long.BYTES));
        return new Parts(version, file.slice(VERSION_BYTES, length), putId, number(file, length));
    }

    /// Throws [FormatException] where a file that tells `number` stands in the place of file
    /// `expected` of its kind; one that tells none may be any.
    public static void requireNumber(long number, long expected, String what) {
        if (number != 0 && number != expected)
            throw new FormatException("bytes of another %s. number=`%d`".formatted(what, number));
    }

    private static byte[] markedWith(long number) {
        byte[] marks = Arrays.copyOf(MARK, MARK.length + NUMBER_MARK.length + Long.BYTES);
        System.arraycopy(NUMBER_MARK, 0, marks, MARK.length, NUMBER_MARK.length);
        BigEndian.putU64(marks, MARK.length + NUMBER_MARK.length, number);
        return marks;
    }

    // 0 where it is not told. A table or its vtable never begins with this mark.
    private static long number(Bytes file, int length) {
        boolean isTold =
                NUMBER_AT + Long.BYTES <= length && isAt(NUMBER_MARK, NUMBER_MARK_AT, file);
        return isTold ? BigEndian.u64(file.array(), file.offset() + NUMBER_AT) : 0;
    }

    private static boolean isAt(byte[] mark, int position, Bytes file) {
        int at = file.offset() + position;
        return position + mark.length <= file.length()
                && Arrays.equals(file.array(), at, at + mark.length, mark, 0, mark.length);
    }

    private static boolean hasSign(Bytes file) {
        if (isAt(MARK, MARK_AT, file)) return true;
        byte[] array = file.array();
        int length = file.length() - BYTES;
        int trailer = file.offset() + length;
        return 0 <= length
                && (BigEndian.u32(array, trailer + MAGIC_AT) == MAGIC
                        || BigEndian.u32(array, trailer + LENGTH_AT) == length);
    }

    private static int crc(byte[] array, int offset, int length) {
        var crc = new CRC32C();
        crc.update(array, offset, length);
        return (int) crc.getValue();
    }
}
