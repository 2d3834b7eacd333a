package dev.holdfast.format.wire;

import dev.holdfast.base.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One table of a FlatBuffer, read in place; fields are named by their slot.
///
/// Nothing in the bytes is trusted: each offset, length and alignment is checked before it is
/// followed, and what all reads of one buffer visit together may not exceed a small multiple of its
/// size, so that references which share their targets cannot blow up. Whatever fails is a
/// [FormatException]. Not thread-safe.
public final class FlatTable {
    private static final VarHandle U16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U64 =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int VISITS_PER_BYTE = 8;
    private static final int VISITS_FREE = 1024;
    private static final int ROOT_BYTES_MIN = 12;

    private final Walk walk;
    private final int table;
    private final int tableBytes;
    private final int vtable;
    private final int vtableBytes;

    private FlatTable(Walk walk, int table) {
        walk.require(table, Integer.BYTES, Integer.BYTES);
        this.walk = walk;
        this.table = table;
        long start = (long) table - walk.i32(table);
        FormatException.require(
                0 <= start && start <= walk.end, "flatbuffer vtable outside", start);
        vtable = (int) start;
        walk.require(vtable, 4, Short.BYTES);
        vtableBytes = walk.u16(vtable);
        tableBytes = walk.u16(vtable + 2);
        FormatException.require(
                4 <= vtableBytes && vtableBytes % 2 == 0, "flatbuffer vtable length", vtableBytes);
        walk.require(vtable, vtableBytes, Short.BYTES);
        FormatException.require(4 <= tableBytes, "flatbuffer table length", tableBytes);
        walk.require(table, tableBytes, Integer.BYTES);
        walk.visit(tableBytes);
    }

    /// The root table of `buffer`.
    public static FlatTable root(Bytes buffer) {
        FormatException.require(
                ROOT_BYTES_MIN <= buffer.length(), "flatbuffer truncated. length", buffer.length());
        var walk = new Walk(buffer);
        return new FlatTable(walk, walk.target(0));
    }

    /// Throws if the table has a field from `slots` on: nothing that a newer writer added may be
    /// lost in silence.
    public FlatTable withSlots(int slots, String name) {
        for (int slot = slots; 4 + 2 * slot < vtableBytes; slot++)
            if (has(slot))
                throw new FormatException(
                        name + " has a field that is not known. slot=`" + slot + "`");
        return this;
    }

    /// True if the field is there.
    public boolean has(int slot) {
        return offset(slot) != 0;
    }

    /// The 64-bit field, or `absent`.
    public long i64(int slot, long absent) {
        int at = scalar(slot, Long.BYTES);
        return at == 0 ? absent : (long) U64.get(walk.array, walk.start + at);
    }

    /// The 64-bit field, which must not be negative, or 0.
    public long u63(int slot, String name) {
        long value = i64(slot, 0);
        if (value < 0)
            throw new FormatException(
                    name + " out of range. value=`" + Long.toUnsignedString(value) + "`");
        return value;
    }

    /// The unsigned 32-bit field, or 0.
    public long u32(int slot) {
        int at = scalar(slot, Integer.BYTES);
        return at == 0 ? 0 : walk.i32(at) & 0xffffffffL;
    }

    /// The unsigned 16-bit field, or `absent`.
    public int u16(int slot, int absent) {
        int at = scalar(slot, Short.BYTES);
        return at == 0 ? absent : walk.u16(at);
    }

    /// The signed 8-bit field, or 0.
    public int i8(int slot) {
        int at = scalar(slot, 1);
        return at == 0 ? 0 : walk.array[walk.start + at];
    }

    /// The 8-bit field as a truth value; more than 0 and 1 is an error.
    public boolean bool(int slot) {
        int value = i8(slot);
        FormatException.require(value == 0 || value == 1, "flatbuffer bool", value);
        return value == 1;
    }

    /// The vector of bytes, or null. It shares the buffer's array.
    public @Nullable Bytes bytes(int slot) {
        int at = reference(slot);
        if (at == 0) return null;
        int length = walk.vector(at, 1);
        return walk.slice(at + Integer.BYTES, length);
    }

    /// The vector of bytes, which must be there.
    public Bytes requiredBytes(int slot, String name) {
        Bytes bytes = bytes(slot);
        if (bytes == null) throw missing(name);
        return bytes;
    }

    /// The string, or null.
    public @Nullable String string(int slot) {
        int at = reference(slot);
        if (at == 0) return null;
        int length = walk.vector(at, 1);
        int end = at + Integer.BYTES + length;
        walk.require(end, 1, 1);
        FormatException.require(walk.array[walk.start + end] == 0, "flatbuffer string not ended");
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(walk.array, walk.start + at + Integer.BYTES, length))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new FormatException("flatbuffer string is not UTF-8", malformed);
        }
    }

    /// The string, which must be there.
    public String requiredString(int slot, String name) {
        String string = string(slot);
        if (string == null) throw missing(name);
        return string;
    }

    /// The table, or null.
    public @Nullable FlatTable table(int slot) {
        int at = reference(slot);
        return at == 0 ? null : new FlatTable(walk, at);
    }

    /// The table, which must be there.
    public FlatTable requiredTable(int slot, String name) {
        FlatTable child = table(slot);
        if (child == null) throw missing(name);
        return child;
    }

    /// The vector of tables; empty where it is absent.
    public Tables tables(int slot) {
        int at = reference(slot);
        return at == 0
                ? new Tables(walk, 0, 0)
                : new Tables(walk, at + Integer.BYTES, walk.vector(at, Integer.BYTES));
    }

    /// The vector of tables, which must be there, be it empty.
    public Tables requiredTables(int slot, String name) {
        if (!has(slot)) throw missing(name);
        return tables(slot);
    }

    /// The vector of 32-bit integers; empty where it is absent.
    public int[] u32s(int slot) {
        int at = reference(slot);
        if (at == 0) return new int[0];
        int[] elements = new int[walk.vector(at, Integer.BYTES)];
        for (int i = 0; i < elements.length; i++)
            elements[i] = walk.i32(at + Integer.BYTES + Integer.BYTES * i);
        return elements;
    }

    private static FormatException missing(String name) {
        return new FormatException(name + " is missing");
    }

    // Where the scalar stands, or 0.
    private int scalar(int slot, int bytes) {
        int offset = offset(slot);
        if (offset == 0) return 0;
        FormatException.require(
                4 <= offset && offset + bytes <= tableBytes, "flatbuffer field outside", offset);
        FormatException.require(
                (table + offset) % bytes == 0, "flatbuffer field misaligned", offset);
        return table + offset;
    }

    // Where the thing stands that the field refers to, or 0.
    private int reference(int slot) {
        int at = scalar(slot, Integer.BYTES);
        return at == 0 ? 0 : walk.target(at);
    }

    private int offset(int slot) {
        int at = 4 + 2 * slot;
        return at < vtableBytes ? walk.u16(vtable + at) : 0;
    }

    /// A vector of tables, read one by one.
    public static final class Tables {
        private final Walk walk;
        private final int first;
        private final int count;

        private Tables(Walk walk, int first, int count) {
            this.walk = walk;
            this.first = first;
            this.count = count;
        }

        /// How many tables there are.
        public int count() {
            return count;
        }

        /// The table at `index`, which is in `[0, count)`.
        public FlatTable at(int index) {
            return new FlatTable(walk, walk.target(first + Integer.BYTES * index));
        }
    }

    /// The buffer under all tables of one root, and how much of it may still be visited.
    private static final class Walk {
        final byte[] array;
        final int start;
        final int end;
        private long visits;

        Walk(Bytes buffer) {
            array = buffer.array();
            start = buffer.offset();
            end = buffer.length();
            visits = VISITS_FREE + (long) VISITS_PER_BYTE * end;
        }

        int i32(int at) {
            return (int) U32.get(array, start + at);
        }

        int u16(int at) {
            return (short) U16.get(array, start + at) & 0xffff;
        }

        Bytes slice(int at, int length) {
            return Bytes.wrap(array, start + at, length);
        }

        // Follows the forward reference at `at`.
        int target(int at) {
            long target = at + (i32(at) & 0xffffffffL);
            FormatException.require(
                    at < target && target < end, "flatbuffer offset outside", target);
            require(target, Integer.BYTES, Integer.BYTES);
            return (int) target;
        }

        // Checks the vector at `at` and returns how many elements it has.
        int vector(int at, int elementBytes) {
            long count = i32(at) & 0xffffffffL;
            long bytes = count * elementBytes;
            require((long) at + Integer.BYTES, bytes, elementBytes);
            visit((int) bytes + Integer.BYTES);
            return (int) count;
        }

        void require(long at, long bytes, int alignment) {
            FormatException.require(0 <= at && bytes <= end - at, "flatbuffer range outside", at);
            FormatException.require(at % alignment == 0, "flatbuffer misaligned", at);
        }

        void visit(int bytes) {
            visits -= bytes;
            FormatException.require(0 <= visits, "flatbuffer refers to itself too often");
        }
    }
}
