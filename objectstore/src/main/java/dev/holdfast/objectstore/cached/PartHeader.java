package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The first 4 KiB of a slot, big-endian: what the slot holds, and the checksums of what follows.
/// Slots are private to the cache: what does not fit is thrown away, never migrated.
///
/// ```
/// magic u64 | crc32c of all that follows u32 | part number u32 | content length u32
///           | part length u32 | object length u16 | object | crc32c u32 ...
/// ```
///
/// @param object the store's URL and the object's name
/// @param number of the part
/// @param partBytes how long a part is that is not the last
/// @param length of the content
/// @param checksums of each chunk of the content
record PartHeader(String object, int number, int partBytes, int length, int[] checksums) {
    /// How long a header is.
    static final int BYTES = 4096;

    /// What is verified in one piece when it is read.
    static final int CHUNK_BYTES = DiskCacheSettings.CHUNK_BYTES;

    private static final long MAGIC = 0x484F_4C44_534C_4F54L; // HOLDSLOT
    private static final int FIXED_BYTES = 8 + 4 + 4 + 4 + 4 + 2;
    private static final int CHECKED_FROM = 12;

    /// The header over `content`; null if the object's name is too long for it.
    static @Nullable PartHeader over(String object, int number, int partBytes, Bytes content) {
        int length = content.length();
        int[] checksums = new int[chunks(length)];
        for (int i = 0; i < checksums.length; i++) checksums[i] = checksum(content, i);
        var header = new PartHeader(object, number, partBytes, length, checksums);
        int name = object.getBytes(StandardCharsets.UTF_8).length;
        return FIXED_BYTES + name + 4 * checksums.length <= BYTES ? header : null;
    }

    private static int chunks(int length) {
        return (length + CHUNK_BYTES - 1) / CHUNK_BYTES;
    }

    private static int checksum(Bytes content, int chunk) {
        int from = chunk * CHUNK_BYTES;
        int to = Math.min(content.length(), from + CHUNK_BYTES);
        return checksum(content.array(), content.offset() + from, to - from);
    }

    private static int checksum(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /// True if `piece`, the content from chunk `first` on, has these checksums.
    static boolean fits(int[] checksums, int first, Bytes piece) {
        for (int i = 0; i < chunks(piece.length()); i++)
            if (checksum(piece, i) != checksums[first + i]) return false;
        return true;
    }

    Bytes encode() {
        byte[] bytes = new byte[BYTES];
        byte[] name = object.getBytes(StandardCharsets.UTF_8);
        var out = ByteBuffer.wrap(bytes);
        out.putLong(MAGIC).putInt(0).putInt(number).putInt(length).putInt(partBytes);
        out.putShort((short) name.length).put(name);
        for (int checksum : checksums) out.putInt(checksum);
        out.putInt(8, checksum(bytes, CHECKED_FROM, BYTES - CHECKED_FROM));
        return Bytes.wrap(bytes);
    }

    /// The header in `bytes`; null if it is none, is damaged, or is not of that part.
    static @Nullable PartHeader decode(byte[] bytes, String object, int number, int partBytes) {
        var in = ByteBuffer.wrap(bytes);
        if (bytes.length != BYTES || in.getLong() != MAGIC) return null;
        if (in.getInt() != checksum(bytes, CHECKED_FROM, BYTES - CHECKED_FROM)) return null;
        boolean isOfPart = in.getInt() == number;
        int length = in.getInt();
        isOfPart &= in.getInt() == partBytes;
        byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
        if (in.remaining() < name.length) return null;
        in.get(name);
        isOfPart &= Arrays.equals(name, object.getBytes(StandardCharsets.UTF_8));
        if (!isOfPart || length < 0 || partBytes < length) return null;
        if (in.remaining() < 4L * chunks(length)) return null;
        int[] checksums = new int[chunks(length)];
        for (int i = 0; i < checksums.length; i++) checksums[i] = in.getInt();
        return new PartHeader(object, number, partBytes, length, checksums);
    }
}
