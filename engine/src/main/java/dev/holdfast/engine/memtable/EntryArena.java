package dev.holdfast.engine.memtable;

import dev.holdfast.format.row.RowFlags;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The bytes of a memtable's entries, in chunks that never move and never change once written.
///
/// ```
/// entry: seq i64 | value length i32 | key length u16 | flags u8 | 0
///        | expiry i64? | creation i64? | key | value
/// ```
///
/// An entry starts at a multiple of eight bytes, so that its chunk and offset fit one positive int:
/// its address. One writer; a reader that was handed an address through a release sees its entry.
final class EntryArena {
    private static final int CHUNK_BITS = 19;
    // With its head no larger than half a region of the smallest that G1 makes: what is larger has
    // whole regions to itself, and would take twice the memory that it counts as.
    private static final int CHUNK_BYTES = (1 << CHUNK_BITS) - 64;
    private static final int CHUNK_BYTES_FIRST = 1 << 16;
    private static final int OWN_CHUNK_FROM = CHUNK_BYTES / 4;
    private static final int SLOT_BITS = CHUNK_BITS - 3;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int CHUNKS_MAX = 1 << (31 - SLOT_BITS);

    private static final int VALUE_LENGTH_AT = 8;
    private static final int KEY_LENGTH_AT = 12;
    private static final int FLAGS_AT = 14;
    private static final int HEADER_BYTES = 16;
    private static final int TIMES = RowFlags.HAS_EXPIRY | RowFlags.HAS_CREATION;

    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle CHAR = view(char[].class);

    private byte[][] chunks = new byte[4][];
    private int chunkCount;
    private byte[] open = new byte[0];
    private int openIndex;
    private int openEnd;
    private long bytes;

    private static VarHandle view(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.nativeOrder());
    }

    /// How many bytes an entry takes at most, of which `payload` are key and value.
    static long bytesAtMost(long payload) {
        return HEADER_BYTES + 2 * Long.BYTES + payload + 7;
    }

    /// Bytes taken so far: entries, and the ends of chunks that were too short for the next one.
    long bytes() {
        return bytes;
    }

    /// True if no further entry of `size` bytes has an address.
    boolean isOutOfAddresses() {
        return chunkCount == CHUNKS_MAX;
    }

    /// Makes room for an entry, writes its head, and returns its address. The caller then copies
    /// key and value to [#keyOffset] and [#valueOffset].
    int allot(int keyLength, int valueLength, long seq, int flags) {
        int head = HEADER_BYTES + timesBytes(flags);
        int size = Math.addExact(head + keyLength, valueLength) + 7 & ~7;
        int address = place(size);
        byte[] chunk = chunk(address);
        int start = offset(address);
        LONG.set(chunk, start, seq);
        INT.set(chunk, start + VALUE_LENGTH_AT, valueLength);
        CHAR.set(chunk, start + KEY_LENGTH_AT, (char) keyLength);
        chunk[start + FLAGS_AT] = (byte) flags;
        return address;
    }

    private int place(int size) {
        bytes += size;
        if (OWN_CHUNK_FROM < size) return addChunk(new byte[size]) << SLOT_BITS;
        if (open.length - openEnd < size) {
            bytes += open.length - openEnd;
            // What is open and unused is in no count, so it stays a small part of the whole.
            int grown = Math.clamp(bytes / 8, CHUNK_BYTES_FIRST, CHUNK_BYTES);
            open = new byte[Math.max(grown, size)];
            openIndex = addChunk(open);
            openEnd = 0;
        }
        int address = openIndex << SLOT_BITS | openEnd >>> 3;
        openEnd += size;
        return address;
    }

    private int addChunk(byte[] chunk) {
        if (chunkCount == chunks.length) chunks = Arrays.copyOf(chunks, 2 * chunkCount);
        chunks[chunkCount] = chunk;
        return chunkCount++;
    }

    /// The chunk that holds the entry.
    byte[] chunk(int address) {
        return chunks[address >>> SLOT_BITS];
    }

    /// Where in its chunk the entry starts.
    static int offset(int address) {
        return (address & SLOT_MASK) << 3;
    }

    static long seq(byte[] chunk, int start) {
        return (long) LONG.get(chunk, start);
    }

    static int flags(byte[] chunk, int start) {
        return chunk[start + FLAGS_AT];
    }

    static int keyLength(byte[] chunk, int start) {
        return (char) CHAR.get(chunk, start + KEY_LENGTH_AT);
    }

    static int valueLength(byte[] chunk, int start) {
        return (int) INT.get(chunk, start + VALUE_LENGTH_AT);
    }

    static int keyOffset(byte[] chunk, int start) {
        return start + HEADER_BYTES + timesBytes(flags(chunk, start));
    }

    static int valueOffset(byte[] chunk, int start) {
        return keyOffset(chunk, start) + keyLength(chunk, start);
    }

    /// The first time of the entry: its expiry if it has one, else its creation.
    static long firstTime(byte[] chunk, int start) {
        return (long) LONG.get(chunk, start + HEADER_BYTES);
    }

    /// The last time of the entry: its creation if it has one, else its expiry.
    static long lastTime(byte[] chunk, int start) {
        return (long) LONG.get(chunk, keyOffset(chunk, start) - Long.BYTES);
    }

    static void setFirstTime(byte[] chunk, int start, long millis) {
        LONG.set(chunk, start + HEADER_BYTES, millis);
    }

    static void setLastTime(byte[] chunk, int start, long millis) {
        LONG.set(chunk, keyOffset(chunk, start) - Long.BYTES, millis);
    }

    private static int timesBytes(int flags) {
        return Integer.bitCount(flags & TIMES) * Long.BYTES;
    }
}
