package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbException.Damaged;
import java.util.function.Consumer;

/// A string that was compressed by LZF: runs of bytes, and references to what stood up to 8 KiB
/// before. Told piece by piece. Not thread-safe.
final class LzfText {
    private static final int REACH = 1 << 13;
    private static final int RUN_MAX = 32;
    private static final int LONG_REFERENCE = 7;

    private final RdbInput in;
    private final long offset;
    private final int length;
    private final byte[] window; // what was told last, and what is still to be told
    private int compressedLeft;
    private int end; // of what is in the window
    private int told; // up to here it was told
    private int total;

    LzfText(RdbInput in, int compressed, int length, long offset) {
        this.in = in;
        this.compressedLeft = compressed;
        this.length = length;
        this.offset = offset;
        this.window = new byte[Math.min(length, REACH + RdbInput.PIECE_BYTES_MAX)];
    }

    void tell(Consumer<Bytes> visitor) {
        while (0 < compressedLeft) {
            int control = next();
            if (control < RUN_MAX) for (int i = 0; i <= control; i++) put((byte) next(), visitor);
            else refer(control, visitor);
        }
        if (total != length) throw damaged();
        emit(visitor);
    }

    private void refer(int control, Consumer<Bytes> visitor) {
        int count = control >> 5;
        if (count == LONG_REFERENCE) count += next();
        int back = ((control & 0x1f) << 8 | next()) + 1;
        if (Math.min(end, REACH) < back) throw damaged();
        for (int i = 0; i < count + 2; i++) put(window[end - back], visitor);
    }

    private void put(byte value, Consumer<Bytes> visitor) {
        if (total == length) throw damaged();
        if (end == window.length) slide(visitor);
        window[end++] = value;
        total++;
    }

    private void slide(Consumer<Bytes> visitor) {
        emit(visitor);
        System.arraycopy(window, end - REACH, window, 0, REACH);
        end = REACH;
        told = REACH;
    }

    private void emit(Consumer<Bytes> visitor) {
        visitor.accept(Bytes.copyOf(window, told, end - told));
        told = end;
    }

    private int next() {
        if (compressedLeft-- == 0) throw damaged();
        return in.u8();
    }

    private Damaged damaged() {
        return new Damaged("compressed string invalid", offset);
    }
}
