package dev.holdfast.objectstore.cached;

import dev.holdfast.objectstore.cached.Part.Place;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What the index says of one slot: 64 bytes, big-endian.
///
/// ```
/// crc32c of the rest u32 | kind u8 | place u8 | uses u8 | 0 u8 | object, a digest u128
///     | part number u32 | content length u32 | order u64 | zeros
/// ```
///
/// @param slot where it stands; follows from its place in the index
/// @param length of the content
/// @param place the queue that the part stood in
/// @param uses what it had to its credit there
/// @param order of the parts within their queues
record SlotRecord(int slot, PartKey key, int length, Place place, int uses, long order) {
    static final int BYTES = 64;

    private static final byte KIND_PART = 1;
    private static final int USES_MAX = 3;

    static SlotRecord of(Part part, long order) {
        return new SlotRecord(part.slot, part.key, part.length, part.place, part.uses, order);
    }

    void encode(ByteBuffer out) {
        int start = out.position();
        out.putInt(0).put(KIND_PART).put((byte) place.ordinal()).put((byte) uses).put((byte) 0);
        out.putLong(key.object().high()).putLong(key.object().low());
        out.putInt(key.number()).putInt(length).putLong(order);
        while (out.position() < start + BYTES) out.put((byte) 0);
        out.putInt(start, checksum(out.array(), out.arrayOffset() + start));
    }

    private static int checksum(byte[] bytes, int start) {
        var crc = new CRC32C();
        crc.update(bytes, start + Integer.BYTES, BYTES - Integer.BYTES);
        return (int) crc.getValue();
    }

    /// The record of `slot`, which is next in `in`; null if the slot is free, or it is damaged.
    static @Nullable SlotRecord decode(int slot, ByteBuffer in) {
        int start = in.position();
        in.position(start + BYTES);
        if (in.get(start + 4) != KIND_PART) return null;
        if (in.getInt(start) != checksum(in.array(), in.arrayOffset() + start)) return null;
        int place = in.get(start + 5);
        int uses = in.get(start + 6);
        var object = new ObjectKey(in.getLong(start + 8), in.getLong(start + 16));
        var key = new PartKey(object, in.getInt(start + 24));
        int length = in.getInt(start + 28);
        boolean isSound =
                0 <= place
                        && place < Place.values().length
                        && 0 <= uses
                        && uses <= USES_MAX
                        && 0 <= key.number()
                        && 0 < length;
        if (!isSound) return null;
        long order = in.getLong(start + 32);
        return new SlotRecord(slot, key, length, Place.values()[place], uses, order);
    }

    /// The part as it was.
    Part part() {
        var part = new Part(key);
        part.slot = slot;
        part.length = length;
        part.place = place;
        part.worth = place == Place.INDEX ? Worth.INDEX : Worth.DATA;
        part.uses = uses;
        return part;
    }
}
