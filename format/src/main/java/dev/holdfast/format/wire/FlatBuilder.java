package dev.holdfast.format.wire;

import dev.holdfast.base.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes one FlatBuffer, from its end to its start. Not thread-safe.
///
/// Children come before the table that names them; a position is counted from the end of the
/// buffer. Fields of a table are laid out the way that flatc's Rust code lays them out (largest
/// first, within one size the last slot first), and equal vtables are shared, so that the same
/// content gives the same bytes that SlateDB writes.
public final class FlatBuilder {
    private static final VarHandle U16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U64 =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SLOTS = 32;

    private byte[] buffer;
    private int used;
    private int alignmentMax = 1;

    // The fields of the table that is being written: 0 bytes means absent.
    private final long[] values = new long[SLOTS];
    private final byte[] sizes = new byte[SLOTS];
    private final int[] positions = new int[SLOTS];

    private int[] vtables = new int[8];
    private int vtableCount;

    public FlatBuilder(int sizeHint) {
        buffer = new byte[Math.max(64, sizeHint)];
    }

    /// Writes a vector of bytes.
    public int bytes(Bytes bytes) {
        align(bytes.length(), Integer.BYTES);
        int at = makeRoom(bytes.length());
        bytes.copyTo(buffer, at);
        return putLength(bytes.length());
    }

    /// Writes a string: UTF-8 with a zero behind it.
    public int string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        align(utf8.length + 1, Integer.BYTES);
        int at = makeRoom(utf8.length + 1);
        System.arraycopy(utf8, 0, buffer, at, utf8.length);
        return putLength(utf8.length);
    }

    /// Writes a vector of references to what stands at `targets`.
    public int references(int[] targets) {
        align(targets.length * Integer.BYTES, Integer.BYTES);
        for (int i = targets.length - 1; 0 <= i; i--) putReference(targets[i]);
        return putLength(targets.length);
    }

    /// Writes a vector of 32-bit integers.
    public int u32s(int[] elements) {
        align(elements.length * Integer.BYTES, Integer.BYTES);
        for (int i = elements.length - 1; 0 <= i; i--) putU32(elements[i]);
        return putLength(elements.length);
    }

    /// Sets a 64-bit field of the next table; left out if it is `absent`.
    public FlatBuilder u64(int slot, long value, long absent) {
        return field(slot, value, value == absent ? 0 : Long.BYTES);
    }

    /// Sets a 32-bit field of the next table; left out if it is 0.
    public FlatBuilder u32(int slot, int value) {
        return field(slot, value, value == 0 ? 0 : Integer.BYTES);
    }

    /// Sets a 16-bit field of the next table; left out if it is `absent`.
    public FlatBuilder u16(int slot, int value, int absent) {
        return field(slot, value, value == absent ? 0 : Short.BYTES);
    }

    /// Sets an 8-bit field of the next table; left out if it is 0.
    public FlatBuilder i8(int slot, int value) {
        return field(slot, value, value == 0 ? 0 : 1);
    }

    /// Sets a field that refers to what stands at `target`; left out if that is 0.
    public FlatBuilder reference(int slot, int target) {
        if (target == 0) return field(slot, 0, 0);
        field(slot, target, Integer.BYTES);
        positions[slot] = -1; // marks a reference until the table is written
        return this;
    }

    /// Writes a table of the fields set since the last one, and returns its position.
    public int table() {
        int start = used;
        int slots = 0;
        for (int size = Long.BYTES; 0 < size; size /= 2)
            for (int slot = SLOTS - 1; 0 <= slot; slot--)
                if (sizes[slot] == size) {
                    putField(slot);
                    slots = Math.max(slots, slot + 1);
                }
        align(Integer.BYTES, Integer.BYTES);
        makeRoom(Integer.BYTES);
        int table = used;
        int vtable = vtable(table, table - start, slots);
        U32.set(buffer, buffer.length - table, vtable - table);
        Arrays.fill(sizes, (byte) 0);
        Arrays.fill(positions, 0);
        return table;
    }

    /// Writes raw bytes that nothing refers to; readers of the FlatBuffer never see them.
    public void unreferenced(byte[] bytes) {
        align(bytes.length + Integer.BYTES, alignmentMax);
        int at = makeRoom(bytes.length);
        System.arraycopy(bytes, 0, buffer, at, bytes.length);
    }

    /// Ends the buffer with the reference to its root table; the builder is spent.
    public Bytes finish(int root) {
        align(Integer.BYTES, alignmentMax);
        putReference(root);
        return Bytes.wrap(buffer, buffer.length - used, used);
    }

    private FlatBuilder field(int slot, long value, int size) {
        values[slot] = value;
        sizes[slot] = (byte) size;
        return this;
    }

    private void putField(int slot) {
        int size = sizes[slot];
        align(size, size);
        if (positions[slot] == -1) putReference((int) values[slot]);
        else {
            int at = makeRoom(size);
            switch (size) {
                case Long.BYTES -> U64.set(buffer, at, values[slot]);
                case Integer.BYTES -> U32.set(buffer, at, (int) values[slot]);
                case Short.BYTES -> U16.set(buffer, at, (short) values[slot]);
                default -> buffer[at] = (byte) values[slot];
            }
        }
        positions[slot] = used;
    }

    // Writes the vtable of the table at `table`, or finds an equal one, and returns its position.
    private int vtable(int table, int tableBytes, int slots) {
        int bytes = (2 + slots) * Short.BYTES;
        int at = makeRoom(bytes);
        U16.set(buffer, at, (short) bytes);
        U16.set(buffer, at + 2, (short) tableBytes);
        for (int slot = 0; slot < slots; slot++)
            U16.set(
                    buffer,
                    at + 4 + 2 * slot,
                    (short) (sizes[slot] == 0 ? 0 : table - positions[slot]));
        for (int i = 0; i < vtableCount; i++) {
            int other = buffer.length - vtables[i];
            if (bytes == ((short) U16.get(buffer, other) & 0xffff)
                    && Arrays.equals(buffer, at, at + bytes, buffer, other, other + bytes)) {
                Arrays.fill(buffer, at, at + bytes, (byte) 0);
                used -= bytes;
                return vtables[i];
            }
        }
        if (vtableCount == vtables.length) vtables = Arrays.copyOf(vtables, 2 * vtableCount);
        vtables[vtableCount++] = used;
        return used;
    }

    private int putLength(int length) {
        putU32(length);
        return used;
    }

    private void putReference(int target) {
        putU32(used + Integer.BYTES - target);
    }

    private void putU32(int value) {
        int at = makeRoom(Integer.BYTES);
        U32.set(buffer, at, value);
    }

    // Pads so that after `length` more bytes the write position is a multiple of `alignment`.
    private void align(int length, int alignment) {
        alignmentMax = Math.max(alignmentMax, alignment);
        makeRoom(-(used + length) & (alignment - 1));
    }

    // Returns the index in the buffer where `length` fresh, zeroed bytes start. It may replace the
    // buffer, so it is called before the buffer is named, never in the same expression.
    private int makeRoom(int length) {
        if (buffer.length - used < length) grow(length);
        used += length;
        return buffer.length - used;
    }

    private void grow(int length) {
        long wanted = Math.max(2L * buffer.length, (long) used + length);
        byte[] larger = new byte[Math.toIntExact(wanted)];
        System.arraycopy(buffer, buffer.length - used, larger, larger.length - used, used);
        buffer = larger;
    }
}
