package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.cache.CacheShelf;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.filter.FilterTally;
import dev.holdfast.engine.filter.TableFilters;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstStats;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.lifecycle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One table on the object store, opened to read. Thread-safe; opening it does no I/O.
///
/// Index, filter and blocks are read when they are first needed, each once however many ask, and
/// kept within the budget of the [BlockCache].
///
/// Invariants:
/// 1. A point lookup with index and filter in memory reads one block, or none; one more only where
///    the key may begin in the block before.
/// 2. Nothing is served from an object whose own properties differ from the manifest's copy.
public final class SstReader {
    private static final int ONLY_PLACE = 0;
    // Properties and footer: two keys of 64 KiB and a few numbers take far less.
    private static final int REST_BYTES_MAX = 1 << 20;
    private static final int BLOCKS_AT_HAND_MAX = 64;
    private static final int HEAD_BYTES_MAX = 8 << 20; // of a filter that comes with the index

    private final SstView view;
    private final TableObject object;
    private final TableObject head; // the same, for filter and index
    private final BlockCache cache;
    private final SectionSeal seal;
    private final FilterChoice choice;
    private final Bytes firstKey;
    private final Bytes lastKey;
    private final CacheShelf<SstIndex> indexShelf;
    private final CacheShelf<TableFilters> filterShelf;
    private final Supplier<SstIndex> indexLoader = this::loadIndex;
    private final Supplier<TableFilters> filterLoader = this::loadFilter;
    // Made with the first index: only that tells how many blocks there are.
    private volatile @Nullable CacheShelf<Block> blockShelf;
    private volatile boolean isIdentified;

    /// How what is stored becomes what it says.
    ///
    /// @param choice the filters that are known
    record Form(SectionSeal seal, FilterChoice choice) {}

    SstReader(SstView view, TableObject object, BlockCache cache, Form form) {
        this.view = view;
        seal = form.seal;
        choice = form.choice;
        this.object = object;
        head = object.forIndexReads();
        this.cache = cache;
        SstProperties properties = view.sst().properties();
        if (properties.lastEntry() == null || properties.firstEntry() == null)
            throw object.corrupt("not a table with keys", properties.propertiesOffset(), null);
        KeyBounds visible = view.visible();
        Bytes low = visible == null ? null : visible.start().key();
        Bytes high = visible == null ? null : visible.end().key();
        firstKey = low == null ? properties.firstEntry() : max(low, properties.firstEntry());
        lastKey = high == null ? properties.lastEntry() : min(high, properties.lastEntry());
        indexShelf = cache.shelf(1, SstIndex::sizeBytes);
        filterShelf = cache.shelf(1, TableFilters::sizeBytes);
    }

    private static Bytes max(Bytes a, Bytes b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static Bytes min(Bytes a, Bytes b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /// What the manifest says of the table.
    public SstView view() {
        return view;
    }

    /// Names the table's object.
    public Ulid id() {
        return view.sst().id();
    }

    /// True if the object has that name.
    boolean isAt(String name) {
        return object.name().equals(name);
    }

    /// About how many bytes the object has.
    public long sizeBytes() {
        return view.sst().properties().propertiesOffset();
    }

    /// No key lies below it.
    public Bytes firstKey() {
        return firstKey;
    }

    /// No key lies above it.
    public Bytes lastKey() {
        return lastKey;
    }

    /// False if no row can have a key in `range`.
    public boolean overlaps(KeyRange range) {
        Bytes start = range.start();
        Bytes end = range.end();
        return (start == null || start.compareTo(lastKey) <= 0)
                && (end == null || firstKey.compareTo(end) < 0);
    }

    /// False if `key` lies outside of what the table holds or may show of it.
    public boolean covers(Bytes key) {
        if (key.compareTo(firstKey) < 0 || lastKey.compareTo(key) < 0) return false;
        KeyBounds visible = view.visible();
        return visible == null || visible.contains(key);
    }

    /// Fills `found` with the newest row of `key` whose sequence number is at most `seqMax`, and
    /// tells whether there is one. `hash` is the key's hash for filters. Throws [OutOfReach] where
    /// it would have to go further than `reach`.
    public boolean find(Bytes key, long hash, long seqMax, FoundRow found, Reach reach) {
        if (!covers(key)) return false;
        TableFilters filters = filters(reach);
        FilterTally.Answers tally = cache.filters().keys();
        if (filters != null && !filters.mightHoldKey(key, hash)) return tally.deny();
        boolean isFound = findInBlocks(key, seqMax, found, reach);
        if (filters != null) tally.admit();
        if (filters != null && !isFound) tally.wasInVain();
        return isFound;
    }

    /// True if a walk through `range` is short and reads nothing from the store, as things are.
    public boolean isAtHand(KeyRange range) {
        if (!overlaps(range)) return true;
        SstIndex index = indexShelf.peek(ONLY_PLACE);
        if (index == null || hasFilters() && !filterShelf.holds(ONLY_PLACE)) return false;
        int first = firstBlock(index, range, Order.ASCENDING);
        int last = firstBlock(index, range, Order.DESCENDING);
        return last - first < BLOCKS_AT_HAND_MAX && areAtHand(index, first, last);
    }

    private boolean areAtHand(SstIndex index, int first, int last) {
        CacheShelf<Block> blocks = blocks(index);
        for (int number = first; number <= last; number++) if (!blocks.holds(number)) return false;
        return true;
    }

    private boolean hasFilters() {
        return !view.sst().properties().filter().isAbsent();
    }

    private boolean findInBlocks(Bytes key, long seqMax, FoundRow found, Reach reach) {
        SstIndex index = reach == Reach.STORE ? index() : present(indexShelf.peek(ONLY_PLACE));
        int number = index.firstBlockFor(key.array(), key.offset(), key.length());
        while (true) {
            try {
                if (block(index, number, reach).find(key, seqMax, found)) return true;
            } catch (FormatException wrong) {
                throw corruptBlock(index, number, wrong);
            }
            // Rows of the key go on in the next block only if that one is set off by this very key.
            number++;
            if (number == index.blockCount() || !index.separator(number).equals(key)) return false;
        }
    }

    private Block block(SstIndex index, int number, Reach reach) {
        return reach == Reach.STORE ? block(index, number) : present(blocks(index).peek(number));
    }

    private static <V> V present(@Nullable V inMemory) {
        if (inMemory == null) throw new OutOfReach();
        return inMemory;
    }

    private @Nullable TableFilters filters() {
        return filters(Reach.STORE);
    }

    private @Nullable TableFilters filters(Reach reach) {
        if (!hasFilters()) return null;
        TableFilters filters =
                reach == Reach.STORE
                        ? filterShelf.get(ONLY_PLACE, filterLoader)
                        : present(filterShelf.peek(ONLY_PLACE));
        return filters.isEmpty() ? null : filters;
    }

    private @Nullable TableFilters filtersFor(Bytes prefix) {
        return prefix.isEmpty() || !choice.tellsOf(prefix) ? null : filters();
    }

    /// What filters say of a prefix.
    enum Word {
        /// Nothing.
        NONE,
        /// There may be keys that begin so.
        ADMITTED,
        /// There are none.
        DENIED
    }

    /// What the table's filters say of keys that begin with `prefix`; of the empty one nothing.
    Word wordOn(Bytes prefix) {
        TableFilters filters = filtersFor(prefix);
        if (filters == null) return Word.NONE;
        FilterTally.Answers tally = cache.filters().prefixes();
        boolean might = filters.mightHoldPrefix(prefix) ? tally.admit() : tally.deny();
        return might ? Word.ADMITTED : Word.DENIED;
    }

    /// The rows of the table in `order`. Rows out of `range` may show or not; it bounds what is
    /// read ahead.
    public RowCursor cursor(KeyRange range, Order order) {
        return cursor(range, order, WalkPlan.USUAL);
    }

    /// The same, fetched as `plan` says.
    public RowCursor cursor(KeyRange range, Order order, WalkPlan plan) {
        return new TableCursor(this, range, order, plan);
    }

    /// How many rows the table says that it has, or -1 if it does not say.
    public long rows() {
        SstProperties properties = view.sst().properties();
        if (properties.stats().isAbsent()) return -1;
        SstProperties.Section section = properties.stats();
        SstStats stats =
                object.read(
                        section.offset(),
                        section.length(),
                        stored -> SstDecoder.stats(stored, properties, seal));
        return stats.puts() + stats.deletes() + stats.merges();
    }

    /// Brings into memory what every walk begins with.
    public void readIndex() {
        index();
    }

    /// How many bytes of memory its blocks take.
    public long bytesInMemory() {
        CacheShelf<Block> blocks = blockShelf;
        return blocks == null ? 0 : blocks.bytes();
    }

    /// Brings into memory what every lookup begins with.
    public void readHead() {
        filters();
        index();
    }

    /// At most `count` keys, ascending, that cut the table into parts of about equal size.
    public List<Bytes> cuts(int count) {
        SstIndex index = index();
        var cuts = new ArrayList<Bytes>();
        for (int i = 1; i <= count; i++) {
            int block = (int) ((long) index.blockCount() * i / (count + 1));
            if (0 < block) cuts.add(index.separator(block));
        }
        return cuts;
    }

    /// Takes what is in memory of `other`, a reader of the same table.
    public void takeOver(SstReader other) {
        SstIndex index = other.indexShelf.peek(ONLY_PLACE);
        CacheShelf<Block> blocks = other.blockShelf;
        if (index != null && blocks != null) blocks.moveTo(blocks(index));
        other.indexShelf.moveTo(indexShelf);
        other.filterShelf.moveTo(filterShelf);
    }

    /// Drops what is kept in memory of it.
    public void forget() {
        indexShelf.clear();
        filterShelf.clear();
        CacheShelf<Block> blocks = blockShelf;
        if (blocks != null) blocks.clear();
    }

    /// Begins to bring into memory what a walk through `range` in `order` needs first, on a thread
    /// of its own. False if it is there already.
    public boolean warm(KeyRange range, Order order, WalkPlan plan) {
        if (isWarm(range, order)) return false;
        // What goes wrong is met again by the walk itself.
        Bytes prefix = plan.prefix();
        env().start("read-ahead", () -> Task.attempt(() -> readFirst(prefix, range, order)));
        return true;
    }

    private void readFirst(Bytes prefix, KeyRange range, Order order) {
        TableFilters filters = filtersFor(prefix);
        if (filters == null || filters.mightHoldPrefix(prefix)) block(index(), first(range, order));
    }

    private boolean isWarm(KeyRange range, Order order) {
        SstIndex index = indexShelf.peek(ONLY_PLACE);
        return index != null && blocks(index).holds(firstBlock(index, range, order));
    }

    private int first(KeyRange range, Order order) {
        return firstBlock(index(), range, order);
    }

    private static int firstBlock(SstIndex index, KeyRange range, Order order) {
        Bytes near = order == Order.ASCENDING ? range.start() : range.end();
        if (near == null) return order == Order.ASCENDING ? 0 : index.blockCount() - 1;
        return order == Order.ASCENDING
                ? index.firstBlockFor(near.array(), near.offset(), near.length())
                : index.lastBlockFor(near.array(), near.offset(), near.length());
    }

    BlockCache cache() {
        return cache;
    }

    Env env() {
        return object.env();
    }

    SstIndex index() {
        return indexShelf.get(ONLY_PLACE, indexLoader);
    }

    private SstIndex loadIndex() {
        SstProperties properties = view.sst().properties();
        SstProperties.Section section = properties.index();
        if (isIdentified)
            return head.read(
                    section.offset(),
                    section.length(),
                    stored -> SstDecoder.index(stored, properties, seal));
        return identify(section.offset(), tail -> index(tail, section.offset()));
    }

    // What stands from `offset` on comes in one piece with all behind it, so that seeing whether
    // this is the right object takes no second read.
    private <T> T identify(long offset, Function<Bytes, T> decode) {
        long length = view.sst().properties().propertiesOffset() - offset + REST_BYTES_MAX;
        if (length < SstFooter.BYTES || Integer.MAX_VALUE - 8 < length)
            throw object.corrupt("section too long", offset, null);
        T found =
                head.readRest(
                        offset,
                        (int) length,
                        tail -> {
                            requireIdentity(tail, offset);
                            return decode.apply(tail);
                        });
        isIdentified = true;
        return found;
    }

    private void requireIdentity(Bytes tail, long offset) {
        SstProperties expected = view.sst().properties();
        long size = offset + tail.length();
        long rest = size - expected.propertiesOffset();
        FormatException.require(
                SstFooter.BYTES < rest && rest < REST_BYTES_MAX,
                "object size differs from the manifest. size",
                size);
        SstFooter footer = SstDecoder.footer(tail, size);
        FormatException.require(
                footer.version() == view.sst().version(),
                "sst version differs from the manifest. version",
                footer.version());
        FormatException.require(
                footer.propertiesOffset() == expected.propertiesOffset(),
                "sst properties lie elsewhere than the manifest says. offset",
                footer.propertiesOffset());
        int start = (int) (footer.propertiesOffset() - offset);
        SstProperties actual =
                SstDecoder.properties(tail.slice(start, tail.length() - SstFooter.BYTES), footer);
        FormatException.require(
                actual.equals(expected), "sst properties differ from the manifest. at", offset);
    }

    private SstIndex index(Bytes tail, long offset) {
        SstProperties properties = view.sst().properties();
        return SstDecoder.index(own(tail, offset, properties.index()), properties, seal);
    }

    // Its own array: what stays in memory must not keep its neighbours there.
    private static Bytes own(Bytes tail, long offset, SstProperties.Section section) {
        long from = section.offset() - offset;
        long to = from + section.length();
        FormatException.require(
                0 <= from && from <= to && to <= tail.length(),
                "section beyond the end. offset",
                section.offset());
        return Bytes.wrap(tail.slice((int) from, (int) to).toArray());
    }

    // Another table's filter would deny keys that are there: first see whose object it is. Filter
    // and index stand side by side, and whoever asks the one goes on to the other.
    private TableFilters loadFilter() {
        SstProperties properties = view.sst().properties();
        SstProperties.Section section = properties.filter();
        long apart = properties.index().offset() - section.offset();
        boolean isBesideTheIndex = section.length() <= apart && apart <= HEAD_BYTES_MAX;
        if (!isIdentified && isBesideTheIndex) return identify(section.offset(), this::filter);
        if (!isIdentified) index();
        return head.read(
                section.offset(),
                section.length(),
                stored -> choice.read(SstDecoder.filters(stored, properties, seal)));
    }

    private TableFilters filter(Bytes tail) {
        SstProperties properties = view.sst().properties();
        long offset = properties.filter().offset();
        indexShelf.offer(ONLY_PLACE, index(tail, offset));
        Bytes stored = own(tail, offset, properties.filter());
        return choice.read(SstDecoder.filters(stored, properties, seal));
    }

    /// The block `number`, from memory or from the store.
    Block block(SstIndex index, int number) {
        CacheShelf<Block> blocks = blocks(index);
        Block block = blocks.peek(number);
        return block != null ? block : blocks.get(number, () -> loadBlock(index, number));
    }

    /// The same, but it does not stay in memory if it was not there.
    Block blockAside(SstIndex index, int number) {
        Block block = blocks(index).peek(number);
        return block != null ? block : loadBlock(index, number);
    }

    /// The places of the table's blocks in memory.
    CacheShelf<Block> blocks(SstIndex index) {
        CacheShelf<Block> blocks = blockShelf;
        return blocks != null ? blocks : makeBlockShelf(index);
    }

    private synchronized CacheShelf<Block> makeBlockShelf(SstIndex index) {
        CacheShelf<Block> blocks = blockShelf;
        if (blocks == null) {
            blocks = cache.shelf(index.blockCount(), Block::sizeBytes);
            blockShelf = blocks;
        }
        return blocks;
    }

    private Block loadBlock(SstIndex index, int number) {
        return object.read(
                index.blockOffset(number),
                index.blockLength(number),
                stored -> decode(index, number, stored));
    }

    /// Several blocks in one piece, as stored.
    Bytes storedBlocks(SstIndex index, int first, int last) {
        long start = index.blockOffset(first);
        long end = index.blockOffset(last) + index.blockLength(last);
        return object.bytes(start, Math.toIntExact(end - start));
    }

    /// The block `number` from its stored bytes. Throws [FormatException] if they are wrong, or are
    /// those of another block.
    Block decode(SstIndex index, int number, Bytes stored) {
        SstHandle sst = view.sst();
        var form = new SstDecoder.BlockForm(sst.properties().codec(), sst.version(), seal);
        Block block = SstDecoder.block(stored, form, index.blockOffset(number));
        try (RowCursor rows = block.cursor(Direction.ASCENDING)) {
            FormatException.require(rows.next(), "block without rows. block", number);
            var key = Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
            boolean fits =
                    index.separator(number).compareTo(key) <= 0
                            && (number + 1 == index.blockCount()
                                    || key.compareTo(index.separator(number + 1)) <= 0);
            fits &= number != 0 || isEnd(key, sst.properties().firstEntry());
            FormatException.require(fits, "block in the place of another. block", number);
        }
        if (number + 1 == index.blockCount()) requireLast(block, number);
        return block;
    }

    // Blocks of two tables may be of one length, and between their separators fits nearly anything.
    private void requireLast(Block block, int number) {
        try (RowCursor rows = block.cursor(Direction.DESCENDING)) {
            rows.next();
            var key = Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
            FormatException.require(
                    isEnd(key, view.sst().properties().lastEntry()),
                    "last block of another table. block",
                    number);
        }
    }

    private static boolean isEnd(Bytes key, @Nullable Bytes expected) {
        return expected == null || expected.equals(key);
    }

    CorruptData corruptBlock(SstIndex index, int number, FormatException wrong) {
        return object.corrupt(wrong.getMessage(), index.blockOffset(number), wrong);
    }
}
