package dev.holdfast.format;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.Trailer;

/// Takes the mark and the trailer out of a file of ours: what is left is what SlateDB would write.
public final class SlateDbForm {
    private static final int MARK_BYTES = 8;
    private static final int REFERENCE_END = Trailer.VERSION_BYTES + Integer.BYTES;

    private SlateDbForm() {}

    public static Bytes withoutTrailer(Bytes file) {
        byte[] array = file.toArray();
        int length = array.length - Trailer.BYTES - MARK_BYTES;
        byte[] bare = new byte[length];
        System.arraycopy(array, 0, bare, 0, REFERENCE_END);
        System.arraycopy(
                array, REFERENCE_END + MARK_BYTES, bare, REFERENCE_END, length - REFERENCE_END);
        int root = Integer.reverseBytes(BigEndian.u32(bare, Trailer.VERSION_BYTES));
        BigEndian.putU32(bare, Trailer.VERSION_BYTES, Integer.reverseBytes(root - MARK_BYTES));
        return Bytes.wrap(bare);
    }
}
