package dev.holdfast.engine.memtable;

import dev.holdfast.format.row.RowFlags;
import java.util.Arrays;

/// Walks upwards through the rows of a memtable to which nothing is added any more, but for those
/// that are hidden from all who read at a given commit or later.
///
/// What comes next lies anywhere in memory. So this goes some nodes ahead, and asks for the entries
/// of all of them at once, instead of waiting for one after the other.
final class FrozenRows extends EntryCursor {
    private static final int AHEAD = 64;
    private static final int LINE_BYTES = 64;
    private static final int LINES = 3; // of an entry; what is longer is read in its order

    private final InOrder order;
    private final long seqMin;
    private final int[] ahead = new int[AHEAD];
    private int at;
    private int count;
    private boolean isAtEnd;
    private int touched; // so that nobody finds the look ahead useless
    private boolean hidesOlder; // of its key

    /// Entries in the order of their keys, of one key the newest first.
    @FunctionalInterface
    interface InOrder {
        /// The next, or [#END].
        int next();

        int END = -1;
    }

    /// @param seqMin the oldest commit that anybody reads at
    FrozenRows(EntryArena entries, InOrder order, long seqMin) {
        super(entries);
        this.order = order;
        this.seqMin = seqMin;
    }

    @Override
    public boolean next() {
        while (at < count || hasMore()) {
            int entry = ahead[at++];
            if (isHidden(entry)) continue;
            stand(entry);
            // An operand is put onto what is older.
            hidesOlder = seq() <= seqMin && (flags() & RowFlags.MERGE) == 0;
            return true;
        }
        return false;
    }

    private boolean isHidden(int entry) {
        if (!hidesOlder) return false;
        byte[] next = entries.chunk(entry);
        int from = EntryArena.keyOffset(next, EntryArena.offset(entry));
        int length = EntryArena.keyLength(next, EntryArena.offset(entry));
        int own = keyOffset();
        return length == keyLength()
                && Arrays.equals(next, from, from + length, keyArray(), own, own + length);
    }

    private boolean hasMore() {
        at = 0;
        count = 0;
        while (!isAtEnd && count < AHEAD) {
            int entry = order.next();
            isAtEnd = entry == InOrder.END;
            if (!isAtEnd) ahead[count++] = entry;
        }
        for (int i = 0; i < count; i++) touch(ahead[i]);
        return 0 < count;
    }

    private void touch(int entry) {
        byte[] bytes = entries.chunk(entry);
        int from = EntryArena.offset(entry);
        int sum = 0;
        for (int line = 0; line < LINES; line++)
            sum += bytes[Math.min(bytes.length - 1, from + line * LINE_BYTES)];
        touched += sum;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        throw new UnsupportedOperationException("walks once");
    }

    @Override
    public void close() {}
}
