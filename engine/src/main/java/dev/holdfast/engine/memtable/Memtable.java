package dev.holdfast.engine.memtable;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Rows in memory, keys ascending, of one key the newest first.
///
/// Invariants:
/// 1. A row once added is never changed or removed; only another row of the same key and sequence
///    number takes its place: the last write of a batch holds.
/// 2. A reader that learned of a sequence number after its batch was applied sees all of its rows.
/// 3. Never more than 2^31 - 1 bytes.
///
/// A row is found by its key as soon as it is there. It stands in order once somebody walks over
/// much, or walks often, or the memtable becomes a table: many rows together cost less than each
/// alone, and who adds does not wait for it.
///
/// One thread at a time adds rows; which one that is, is the caller's care. Who reads by key takes
/// no locks, but for one who finds so many newer rows of the key that they have to be linked.
public final class Memtable {
    /// What one memtable holds at most.
    public static final long BYTES_MAX = Integer.MAX_VALUE;

    private static final long HALVES_FROM = 8 << 20;
    private static final int RARE_MAX = 32; // walks: about what it takes to put all in order
    private static final int UNLINKED_MAX = 1 << 14; // where somebody walks: what one waits for

    private final EntryArena entries = new EntryArena();
    private final KeyHeads heads = new KeyHeads();
    private final SkipList list;
    private long firstSeq;
    // Written after all else of an addition and read before: what it says is there, is there.
    private volatile long lastSeq;
    private volatile long lastWalId;
    private volatile boolean isFrozen;
    private boolean hasMerges; // for who sees it frozen
    private volatile boolean isWalked; // as a whole, or often
    private final boolean wasWalkedBefore; // the same of the memtable before
    private final AtomicInteger walks = new AtomicInteger(); // of ranges
    private final int[] together = new int[SkipList.TOGETHER_MAX]; // of the thread that adds
    private long touched; // what nobody asks, so that touching is not left out

    /// For rows of which nothing is known.
    public Memtable() {
        this(KeyMarks.PLAIN, false);
    }

    private Memtable(KeyMarks marks, boolean wasWalkedBefore) {
        list = new SkipList(entries, marks);
        this.wasWalkedBefore = wasWalkedBefore;
    }

    /// One that follows this one. It is kept in order for walks if this one is walked often, or as
    /// a whole and was not kept in order itself. Called by the thread that adds.
    public Memtable next() {
        return isWalked ? new Memtable(list.marksOfMost(), true) : new Memtable();
    }

    /// How many bytes `rows` rows take at most, of `bytes` bytes of keys and values together.
    public static long bytesAtMost(int rows, long bytes) {
        long heads = rows * (EntryArena.bytesAtMost(0) + SkipList.bytesAtMost());
        // A row that does not fit the open chunk leaves the end of it unused.
        return heads + bytes + bytes / 2;
    }

    /// True if `rows` rows, of `bytes` bytes of keys and values together, can still be added.
    public boolean hasRoomFor(int rows, long bytes) {
        return !entries.isOutOfAddresses() && bytes() + bytesAtMost(rows, bytes) <= BYTES_MAX;
    }

    /// Adds the rows of one batch under `seq`, which is not below any earlier one. The caller has
    /// asked [#hasRoomFor].
    public void apply(BatchCursor batch, long seq, long createdAtMillis) {
        assert !isFrozen && lastSeq <= seq : lastSeq + " then " + seq;
        int count = 0;
        while (batch.next()) {
            if (count == together.length) {
                list.add(together, count);
                count = 0;
            }
            together[count++] = entry(batch, seq, createdAtMillis);
        }
        added(count, seq);
    }

    private void added(int count, long seq) {
        list.add(together, count);
        if ((isWalked || wasWalkedBefore) && UNLINKED_MAX <= list.unlinked())
            list.linkAddedUnlessBusy();
        if (firstSeq == 0) firstSeq = seq;
        lastSeq = seq;
    }

    private int entry(BatchCursor batch, long seq, long createdAtMillis) {
        int flags = RowFlags.HAS_CREATION;
        if (batch.isDelete()) flags |= RowFlags.TOMBSTONE;
        if (batch.hasExpiry()) flags |= RowFlags.HAS_EXPIRY;
        if (batch.isMerge()) flags |= RowFlags.MERGE;
        int entry = allot(batch.keyLength(), batch.valueLength(), seq, flags);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        if (batch.hasExpiry()) EntryArena.setFirstTime(chunk, start, batch.expireAtMillis());
        EntryArena.setLastTime(chunk, start, createdAtMillis);
        // Key and value lie side by side in the batch, as they do in an entry.
        int keyAt = EntryArena.keyOffset(chunk, start);
        int length = batch.keyLength() + batch.valueLength();
        System.arraycopy(batch.array(), batch.keyOffset(), chunk, keyAt, length);
        heads.add(chunk, keyAt, keyAt + batch.keyLength());
        return entry;
    }

    /// Adds the row that `row` stands on as it is. Its sequence number is not below any earlier
    /// one. Throws `Invalid` if there is no room.
    public void add(RowCursor row) {
        together[0] = entry(row);
        added(1, row.seq());
    }

    private int entry(RowCursor row) {
        assert !isFrozen && lastSeq <= row.seq() : lastSeq + " then " + row.seq();
        if (!hasRoomFor(1, (long) row.keyLength() + row.valueLength()))
            throw new StorageException.Invalid("memtable full. bytes=`" + bytes() + "`", null);
        int entry = allot(row.keyLength(), row.valueLength(), row.seq(), row.flags());
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        if ((row.flags() & RowFlags.HAS_EXPIRY) != 0)
            EntryArena.setFirstTime(chunk, start, row.expireAtMillis());
        if ((row.flags() & RowFlags.HAS_CREATION) != 0)
            EntryArena.setLastTime(chunk, start, row.createdAtMillis());
        int keyAt = EntryArena.keyOffset(chunk, start);
        System.arraycopy(row.keyArray(), row.keyOffset(), chunk, keyAt, row.keyLength());
        heads.add(chunk, keyAt, keyAt + row.keyLength());
        int valueAt = keyAt + row.keyLength();
        System.arraycopy(row.valueArray(), row.valueOffset(), chunk, valueAt, row.valueLength());
        return entry;
    }

    private int allot(int keyLength, int valueLength, long seq, int flags) {
        if ((flags & RowFlags.MERGE) != 0) hasMerges = true;
        return entries.allot(keyLength, valueLength, seq, flags);
    }

    /// Fills `found` with the newest row of `key` whose sequence number is at most `seqMax`, and
    /// tells whether there is one.
    public boolean find(Bytes key, long seqMax, FoundRow found) {
        if (lastSeq == 0) return false;
        int from = key.offset();
        int to = from + key.length();
        int hash = KeyIndex.hash(key.array(), from, to);
        int node = list.newest(hash, key.array(), from, to, seqMax);
        if (node == TowerArena.HEAD) return false;
        int entry = list.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyAt = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
        if (!java.util.Arrays.equals(chunk, keyAt, keyEnd, key.array(), from, to)) return false;
        int flags = EntryArena.flags(chunk, start);
        boolean expires = (flags & RowFlags.HAS_EXPIRY) != 0;
        boolean tellsCreation = (flags & RowFlags.HAS_CREATION) != 0;
        found.setValue(chunk, keyEnd, EntryArena.valueLength(chunk, start));
        found.setStamp(EntryArena.seq(chunk, start), flags);
        found.setTimes(
                expires ? EntryArena.firstTime(chunk, start) : 0,
                tellsCreation ? EntryArena.lastTime(chunk, start) : 0);
        return true;
    }

    /// Has memory fetch what [#find] will look at for some of `keys`: all at once.
    public void touch(List<Bytes> keys) {
        if (lastSeq != 0) touched = list.touch(keys);
    }

    /// All rows in key order. Ascending shows the newest row of a key first, descending is the
    /// exact reverse. Rows added meanwhile may show.
    public RowCursor cursor(Order order) {
        putInOrder();
        return new MemtableCursor(list, entries, order, MemtableCursor.ALL);
    }

    /// The same for a reader who sees nothing newer than `seqMax`. Of a key with many rows it may
    /// leave out some that decide nothing: such as are too new, and such as lie below the newest of
    /// the others, unless that is to be merged.
    public RowCursor cursor(Order order, long seqMax) {
        putInOrder();
        return new MemtableCursor(list, entries, order, seqMax);
    }

    /// The same for a reader who looks at nothing outside `range`. As long as few walk, what lies
    /// there and decides something is picked out for each, and nothing is put in order for that.
    /// May show rows outside `range`, and leave out rows added after the call.
    public RowCursor cursor(KeyRange range, Order order, long seqMax) {
        boolean isRare = walks.get() < RARE_MAX && walks.incrementAndGet() <= RARE_MAX;
        int[] few = isRare ? list.few(range, seqMax) : null;
        if (few != null) return new FewRows(list, entries, few, order);
        if (!isRare || !wasWalkedBefore) return cursor(order, seqMax);
        // Mostly linked by now. Not counted as walked, or one walk after the other would keep all
        // memtables that follow in order.
        list.linkAdded();
        return new MemtableCursor(list, entries, order, seqMax);
    }

    private void putInOrder() {
        list.linkAdded();
        if (!isWalked) isWalked = true; // now, so that it is not the one who adds who links all
    }

    /// False if no row of it lies inside `range`.
    public boolean overlaps(KeyRange range) {
        return lastSeq != 0 && heads.mayLieIn(range);
    }

    /// The rows in key order, to be walked once, but for those that are hidden from all who read at
    /// `seqMin` or later: of each key the newest at or below it hides what is older, unless it is
    /// to be merged. Quicker than [#cursor], but only once it is frozen.
    public RowCursor frozenRows(long seqMin) {
        assert isFrozen : "nodes may still come between";
        NodeOrder order = list.inOrder();
        return order == null
                ? linkedRows(TowerArena.HEAD, TowerArena.HEAD, seqMin)
                : new FrozenRows(entries, order, seqMin);
    }

    private RowCursor linkedRows(int before, int end, long seqMin) {
        list.linkAdded();
        return new FrozenRows(entries, list.linked(before, end), seqMin);
    }

    /// The same in two cursors of about equal length, to be walked at the same time; in one if that
    /// is not worth a thread.
    public List<RowCursor> halves(long seqMin) {
        if (bytes() < HALVES_FROM) return List.of(frozenRows(seqMin));
        NodeOrder order = list.inOrder();
        List<NodeOrder> halves = order == null ? List.of() : order.halves();
        if (!halves.isEmpty())
            return List.of(
                    new FrozenRows(entries, halves.getFirst(), seqMin),
                    new FrozenRows(entries, halves.getLast(), seqMin));
        list.linkAdded();
        int middle = list.middle();
        if (middle == TowerArena.HEAD) return List.of(frozenRows(seqMin));
        return List.of(
                linkedRows(TowerArena.HEAD, middle, seqMin),
                linkedRows(list.previous(middle), TowerArena.HEAD, seqMin));
    }

    /// Bytes taken by rows and the links between them.
    public long bytes() {
        return lastSeq == 0 ? 0 : entries.bytes() + list.bytes();
    }

    /// How many rows there are.
    public long rows() {
        return lastSeq == 0 ? 0 : list.count();
    }

    /// True if a row of it is to be merged into what is older. Once it is frozen.
    public boolean hasMerges() {
        return hasMerges;
    }

    /// True if nothing was added yet.
    public boolean isEmpty() {
        return lastSeq == 0;
    }

    /// The sequence number of the first row added; 0 if there is none.
    public long firstSeq() {
        return lastSeq == 0 ? 0 : firstSeq;
    }

    /// The sequence number of the last row added; 0 if there is none.
    public long lastSeq() {
        return lastSeq;
    }

    /// The last log object whose rows are all in this memtable or an older one; 0 until it was
    /// told.
    public long lastWalId() {
        return lastWalId;
    }

    /// Tells which log object is the last whose rows are all in this memtable or an older one.
    public void tagWal(long walId) {
        lastWalId = walId;
    }

    /// Ends additions. Called by the thread that adds.
    public void freeze() {
        isFrozen = true;
    }

    /// True once nothing is added any more.
    public boolean isFrozen() {
        return isFrozen;
    }
}
