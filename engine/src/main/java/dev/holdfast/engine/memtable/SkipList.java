package dev.holdfast.engine.memtable;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.format.row.RowFlags;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Nodes over entries: keys ascending, of one key the highest sequence number first.
///
/// A node is found by its key as soon as it is added, and stands in the list once it is linked:
/// whoever walks has what was added linked first, or picks out what he looks for.
///
/// Invariants:
/// 1. The newest node of each key is in the index, or the index says that it is not whole and all
///    nodes that anybody was told of are linked.
/// 2. From a node the older ones of its key are met by their lowest links, linked or not.
/// 3. Nodes are linked in the order in which they were added, as far as they are of one key.
///
/// One thread at a time adds. Readers are any number, without locks but for linking. A reader sees
/// every node that was added before it was told of the node's sequence number, and perhaps newer
/// ones.
final class SkipList {
    /// How many entries are added together at most.
    static final int TOGETHER_MAX = 8;

    private static final int HEAD = TowerArena.HEAD;
    private static final int LINKED_TOGETHER_MAX = 1 << 20;
    private static final int TOUCHED_MAX = 16;
    private static final int NEWER_MAX = 8; // rows that are too new, before a search
    private static final int NEWER_UNLINKED_MAX = 128; // before all are linked for one
    private static final int PICKED_OUT_MAX = 1 << 12; // rows of one walk
    private static final int FEW_OF = 8;
    private static final int SAMPLE = 256;
    private static final int MIDDLE_OF_MIN = 256; // what is not seen on a level evens out
    private static final long SEED = 0x9E3779B97F4A7C15L;

    private final TowerArena towers = new TowerArena();
    private final EntryArena entries;
    private final KeyIndex index = new KeyIndex(this::isOf, this::linkAdded);

    // Of the thread that adds.
    private final int[] hashes = new int[TOGETHER_MAX];
    private long touched; // what nobody asks, so that touching is not left out
    private long coin = SEED;
    private int made; // nodes
    private volatile int added; // the same, once they are found by their keys

    // Of whoever links.
    private final ReentrantLock linking = new ReentrantLock(); // innermost: none is taken under it
    private final int[] before = new int[TowerArena.HEIGHT_MAX]; // where the last search ended
    private volatile int lastLinked = HEAD; // in the order in which they were made
    private int lastHeight;
    private volatile int doubles; // nodes that are not linked, as others have their places
    private volatile int linked;
    private KeyMarks marks; // for good once a node is linked
    private int wanted; // the entry whose place is looked for
    private long mark; // of its key
    // Read by readers as a hint only: too low costs steps, too high meets empty levels.
    private int height = 1;

    SkipList(EntryArena entries, KeyMarks marks) {
        this.entries = entries;
        this.marks = marks;
    }

    /// Bytes taken by links and the index.
    long bytes() {
        return towers.bytes() + index.bytes();
    }

    /// How many bytes a node takes at most, of links and in the index.
    static long bytesAtMost() {
        return TowerArena.bytesAtMost() + KeyIndex.BYTES_OF_A_KEY;
    }

    private boolean isOf(int node, byte[] key, int from, int to) {
        int entry = towers.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyAt = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
        return Arrays.equals(chunk, keyAt, keyEnd, key, from, to);
    }

    /// The newest node at or below `seqMax` of the key between two offsets, whose hash is `hash`.
    /// If there is none, 0 or a node of another key.
    int newest(int hash, byte[] key, int from, int to, long seqMax) {
        int node = index.find(hash, key, from, to);
        int steps = 0;
        while (node != HEAD && seqMax < seq(node)) {
            node = towers.next(node, 0);
            if (++steps < NEWER_MAX || node == HEAD) continue;
            // Nodes made later have higher numbers: so all that are older than this one are linked.
            if (node <= lastLinked) return ceiling(key, from, to, seqMax);
            if (NEWER_UNLINKED_MAX < steps) linkAdded();
        }
        return node != HEAD || index.isWhole() ? node : ceiling(key, from, to, seqMax);
    }

    /// Adds `count` of `together`, one after the other. One that has the key and the sequence
    /// number of an earlier one takes its place.
    void add(int[] together, int count) {
        for (int i = 0; i < count; i++) {
            byte[] chunk = entries.chunk(together[i]);
            int start = EntryArena.offset(together[i]);
            int keyAt = EntryArena.keyOffset(chunk, start);
            int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
            hashes[i] = KeyIndex.hash(chunk, keyAt, keyEnd);
        }
        if (1 < count) touched = touch(hashes, count);
        for (int i = 0; i < count; i++) add(together[i], hashes[i]);
        added = made;
        if (!index.isWhole()) linkAdded();
    }

    private void add(int entry, int hash) {
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyAt = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
        int slot = index.slot(hash, chunk, keyAt, keyEnd);
        int newest = slot == KeyIndex.NO_SLOT ? HEAD : index.node(slot);
        if (newest != HEAD && seq(newest) == EntryArena.seq(chunk, start)) {
            towers.setEntry(newest, entry);
            return;
        }
        int node = towers.allot(entry, randomHeight(), newest);
        made++;
        if (slot != KeyIndex.NO_SLOT) index.put(slot, hash, node);
    }

    /// How many there are, of which none has the key and the sequence number of another.
    int count() {
        return made - doubles;
    }

    /// How many were added and are not linked yet.
    int unlinked() {
        return added - linked;
    }

    /// Has memory fetch the newest rows of some of `keys`; what it returns means nothing.
    long touch(List<Bytes> keys) {
        int[] some = new int[Math.min(TOUCHED_MAX, keys.size())];
        for (int i = 0; i < some.length; i++) {
            Bytes key = keys.get(i);
            some[i] = KeyIndex.hash(key.array(), key.offset(), key.offset() + key.length());
        }
        return touch(some, some.length);
    }

    // Each step waits for memory once, as no key's depends on another's.
    private long touch(int[] some, int count) {
        int[] found = new int[count];
        for (int i = 0; i < count; i++) found[i] = index.first(some[i]);
        for (int i = 0; i < count; i++) found[i] = towers.entry(found[i]);
        long sum = 0;
        for (int entry : found) sum += seqOf(entry);
        return sum;
    }

    /// Links all that was added before.
    void linkAdded() {
        if (linked == added) return;
        linking.lock();
        try {
            linkTo(added);
        } finally {
            linking.unlock();
        }
    }

    /// The same, unless another is about it.
    void linkAddedUnlessBusy() {
        if (!linking.tryLock()) return;
        try {
            linkTo(added);
        } finally {
            linking.unlock();
        }
    }

    private void linkTo(int count) {
        while (linked < count) {
            int[] nodes = unlinked(Math.min(LINKED_TOGETHER_MAX, count - linked));
            if (towers.next(HEAD, 0) == HEAD && SAMPLE <= nodes.length) marks = marksOfMost(nodes);
            long[] found = marksOf(nodes, marks);
            for (int i = 0; i < nodes.length; i++) towers.setMark(nodes[i], found[i]);
            int last = nodes[nodes.length - 1];
            new NodeOrder(towers, entries, nodes, found).sort();
            byte[] heights = new byte[nodes.length];
            // No memory is asked for from here on, so that nothing fails halfway.
            lastHeight = towers.height(last);
            link(nodes, heights);
            lastLinked = last;
            linked += nodes.length;
        }
    }

    /// The entries from behind `before` to before `end`, each 0 for all, as they are linked.
    FrozenRows.InOrder linked(int before, int end) {
        return new FrozenRows.InOrder() {
            private int node = before;

            @Override
            public int next() {
                node = towers.next(node, 0);
                return node == end ? END : towers.entry(node);
            }
        };
    }

    /// The nodes of all entries, to be put in order without linking them; null if that is for
    /// naught, as some are linked, or there are many. Once nothing is added any more.
    @Nullable NodeOrder inOrder() {
        linking.lock();
        try {
            if (linked != 0 || added < SAMPLE || LINKED_TOGETHER_MAX < added) return null;
            int[] nodes = unlinked(added);
            return new NodeOrder(towers, entries, nodes, marksOf(nodes, marksOfMost(nodes)));
        } finally {
            linking.unlock();
        }
    }

    /// The nodes whose keys lie in `range` and that decide what a reader at `seqMax` sees, in their
    /// order, without linking any: that looks at all keys. Null if that is for naught, as some are
    /// linked, the index is not whole, there are many, or others wait for the same.
    ///
    /// @param seqMax or [MemtableCursor#ALL]
    int @Nullable [] few(KeyRange range, long seqMax) {
        // Of a crowd the first links for all.
        if (linked != 0 || linking.hasQueuedThreads()) return null;
        linking.lock();
        try {
            int count = added;
            // Where the index is whole no two nodes have one key and one sequence number.
            if (linked != 0 || !index.isWhole() || LINKED_TOGETHER_MAX < count) return null;
            int[] nodes = unlinkedIn(range, count);
            if (nodes == null) return null;
            new NodeOrder(towers, entries, nodes, marksOf(nodes, KeyMarks.PLAIN)).sort();
            return seqMax == MemtableCursor.ALL ? nodes : deciding(nodes, seqMax);
        } finally {
            linking.unlock();
        }
    }

    // Of each key those at or below `seqMax`, down to the newest that is not to be merged.
    private int[] deciding(int[] nodes, long seqMax) {
        int kept = 0;
        boolean isDecided = false;
        for (int i = 0; i < nodes.length; i++) {
            // Nodes that are not linked have no marks: keys are compared.
            if (i == 0 || !isSameKey(nodes[i - 1], nodes[i])) isDecided = false;
            if (isDecided || seqMax < seq(nodes[i])) continue;
            isDecided = !isToBeMerged(nodes[i]);
            nodes[kept++] = nodes[i];
        }
        return Arrays.copyOf(nodes, kept);
    }

    private boolean isToBeMerged(int node) {
        int entry = towers.entry(node);
        int flags = EntryArena.flags(entries.chunk(entry), EntryArena.offset(entry));
        return (flags & RowFlags.MERGE) != 0;
    }

    private int @Nullable [] unlinkedIn(KeyRange range, int count) {
        int[] nodes = new int[PICKED_OUT_MAX];
        int found = 0;
        int node = lastLinked;
        int levels = lastHeight;
        for (int i = 0; i < count; i++) {
            node = towers.after(node, levels);
            levels = towers.height(node);
            if (!isIn(range, node)) continue;
            if (found == PICKED_OUT_MAX) return null;
            nodes[found++] = node;
        }
        return Arrays.copyOf(nodes, found);
    }

    private boolean isIn(KeyRange range, int node) {
        Bytes start = range.start();
        Bytes end = range.end();
        return (start == null || 0 <= compareKey(node, start))
                && (end == null || compareKey(node, end) < 0);
    }

    private int compareKey(int node, Bytes key) {
        return compareKey(node, key.array(), key.offset(), key.offset() + key.length());
    }

    private long[] marksOf(int[] nodes, KeyMarks form) {
        long[] found = new long[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            int entry = towers.entry(nodes[i]);
            byte[] chunk = entries.chunk(entry);
            int start = EntryArena.offset(entry);
            int keyAt = EntryArena.keyOffset(chunk, start);
            found[i] = form.of(chunk, keyAt, keyAt + EntryArena.keyLength(chunk, start));
        }
        return found;
    }

    // The next of them, in the order in which they were made.
    private int[] unlinked(int count) {
        int[] nodes = new int[count];
        int node = lastLinked;
        int levels = lastHeight;
        for (int i = 0; i < count; i++) {
            node = towers.after(node, levels);
            levels = towers.height(node);
            nodes[i] = node;
        }
        return nodes;
    }

    private KeyMarks marksOfMost(int[] nodes) {
        Bytes[] sample = new Bytes[SAMPLE];
        for (int i = 0; i < SAMPLE; i++)
            sample[i] = key(nodes[(int) ((long) i * nodes.length / SAMPLE)]);
        Arrays.sort(sample);
        return KeyMarks.between(sample[SAMPLE / FEW_OF], sample[SAMPLE - 1 - SAMPLE / FEW_OF]);
    }

    // Each key is looked for from where the one before went.
    private void link(int[] nodes, byte[] heights) {
        want(nodes[0]);
        search();
        for (int begin = 0; begin < nodes.length; ) {
            int end = begin + 1;
            int levels = towers.height(nodes[begin]);
            for (; end < nodes.length && isSameKey(nodes[begin], nodes[end]); end++)
                levels = Math.max(levels, towers.height(nodes[end]));
            want(nodes[begin]);
            searchOn(levels);
            link(nodes, heights, begin, withoutDoubles(nodes, begin, end));
            begin = end;
        }
    }

    // Nodes of one key that the index left out, of two with one number the later is kept. Returns
    // where they end now.
    private int withoutDoubles(int[] nodes, int begin, int end) {
        int kept = begin + 1;
        for (int i = begin + 1; i < end; i++)
            if (seq(nodes[i]) != seq(nodes[i - 1])) nodes[kept++] = nodes[i];
        int oldest = nodes[kept - 1];
        int next = towers.next(before[0], 0);
        if (next != HEAD && seq(next) == seq(oldest) && isSameKey(next, oldest)) {
            towers.setEntry(next, towers.entry(oldest));
            kept--;
        }
        doubles += end - kept;
        return kept;
    }

    // Nodes of one key, the newest first, behind `before`. Who goes from one to the next older
    // always meets it: links are made from the oldest on.
    private void link(int[] nodes, byte[] heights, int begin, int end) {
        if (begin == end) return;
        int next = towers.next(before[0], 0);
        int last = before[0];
        for (int i = end - 1; begin <= i; i--) {
            heights[i] = (byte) towers.height(nodes[i]);
            towers.setNext(nodes[i], 0, i == end - 1 ? next : nodes[i + 1]);
            towers.setPrevious(nodes[i], i == begin ? last : nodes[i - 1]);
        }
        for (int i = begin; i < end; i++) linkAbove(nodes[i], heights[i]);
        towers.setNext(last, 0, nodes[begin]);
        towers.setPrevious(next, nodes[end - 1]);
        before[0] = nodes[end - 1];
    }

    private void linkAbove(int node, int levels) {
        for (; height < levels; height++) before[height] = HEAD;
        for (int level = 1; level < levels; level++) {
            towers.setNext(node, level, towers.next(before[level], level));
            towers.setNext(before[level], level, node);
            before[level] = node;
        }
    }

    private void want(int node) {
        wanted = towers.entry(node);
        mark = towers.mark(node);
    }

    /// The key of `node`.
    Bytes key(int node) {
        int entry = towers.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        return Bytes.wrap(
                chunk, EntryArena.keyOffset(chunk, start), EntryArena.keyLength(chunk, start));
    }

    private void search() {
        int node = HEAD;
        int beyond = HEAD;
        for (int level = height - 1; 0 <= level; level--) {
            int next = towers.next(node, level);
            while (next != beyond && isBefore(next)) {
                node = next;
                next = towers.next(node, level);
            }
            beyond = next;
            before[level] = node;
        }
    }

    // An earlier search ended before the wanted place: goes on from there, up as far as there is
    // something to pass, at least to the lowest `levels`, and down again. Levels above may be left
    // behind if nodes came between since.
    private void searchOn(int levels) {
        int top = Math.min(levels, height) - 1;
        while (top + 1 < height && isBefore(towers.next(before[top + 1], top + 1))) top++;
        int passed = HEAD;
        for (int level = top; 0 <= level; level--) {
            int node = passed == HEAD ? before[level] : passed;
            for (int next = towers.next(node, level); isBefore(next); ) {
                node = next;
                passed = next;
                next = towers.next(node, level);
            }
            before[level] = node;
        }
    }

    private boolean isBefore(int node) {
        return node != HEAD && orderTo(node) < 0;
    }

    private int orderTo(int node) {
        int byMark = Long.compareUnsigned(towers.mark(node), mark);
        return byMark != 0 ? byMark : compareToWanted(node);
    }

    private int compareToWanted(int node) {
        byte[] chunk = entries.chunk(wanted);
        int start = EntryArena.offset(wanted);
        int from = EntryArena.keyOffset(chunk, start);
        int to = from + EntryArena.keyLength(chunk, start);
        return compare(node, chunk, from, to, EntryArena.seq(chunk, start));
    }

    // One level more with probability 1/4.
    private int randomHeight() {
        coin ^= coin << 13;
        coin ^= coin >>> 7;
        coin ^= coin << 17;
        return 1 + Math.min(TowerArena.HEIGHT_MAX - 1, Long.numberOfTrailingZeros(coin) / 2);
    }

    /// The first node at or after (key, seq) in the order of the list, or 0.
    int ceiling(byte[] key, int from, int to, long seq) {
        long mark = marks.of(key, from, to);
        int next = HEAD;
        int node = HEAD;
        for (int level = height - 1; 0 <= level; level--) {
            int beyond = next;
            next = towers.next(node, level);
            while (next != HEAD && next != beyond) {
                int order = Long.compareUnsigned(towers.mark(next), mark);
                if (order == 0) order = compare(next, key, from, to, seq);
                if (0 <= order) break;
                node = next;
                next = towers.next(node, level);
            }
        }
        return next;
    }

    /// The last node before (key, seq) in the order of the list, or 0.
    int lower(byte[] key, int from, int to, long seq) {
        int next = ceiling(key, from, to, seq);
        int node = towers.previous(next);
        // A node that was linked meanwhile may stand between.
        while (node != HEAD && 0 <= compare(node, key, from, to, seq)) node = towers.previous(node);
        return node;
    }

    /// True if the nodes of every level are in order: looks at all of them.
    boolean isInOrder() {
        for (int level = 0; level < height; level++) {
            int last = towers.next(HEAD, level);
            for (int node = towers.next(last, level); node != HEAD; ) {
                want(node);
                if (0 <= orderTo(last)) return false;
                last = node;
                node = towers.next(node, level);
            }
        }
        return true;
    }

    /// The node after `node`, or 0 at the end; after 0 comes the first.
    int next(int node) {
        return towers.next(node, 0);
    }

    /// The node before `node`, or 0 at the beginning; before 0 stands the last.
    int previous(int node) {
        return towers.previous(node);
    }

    /// A node about in the middle of the list; 0 if there are too few to tell.
    int middle() {
        int level = levelOfSome();
        return level < 0 ? HEAD : node(level, count(level) / 2);
    }

    /// Marks for keys that begin like most of those here: not like those at both ends.
    KeyMarks marksOfMost() {
        int first = towers.next(HEAD, 0);
        if (first == HEAD) return KeyMarks.PLAIN;
        int level = levelOfSome();
        if (level < 0) return KeyMarks.between(key(first), key(towers.previous(HEAD)));
        int count = count(level);
        int few = count / FEW_OF;
        return KeyMarks.between(key(node(level, few)), key(node(level, count - 1 - few)));
    }

    // The highest level with some nodes; -1 if there is none.
    private int levelOfSome() {
        int level = height - 1;
        while (0 <= level && count(level) < MIDDLE_OF_MIN) level--;
        return level;
    }

    private int count(int level) {
        int count = 0;
        for (int at = towers.next(HEAD, level); at != HEAD; at = towers.next(at, level)) count++;
        return count;
    }

    private int node(int level, int number) {
        int at = towers.next(HEAD, level);
        for (int i = 0; i < number; i++) at = towers.next(at, level);
        return at;
    }

    /// True if both nodes hold rows of one key.
    boolean isSameKey(int one, int other) {
        if (towers.mark(one) != towers.mark(other)) return false;
        int entry = towers.entry(one);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int from = EntryArena.keyOffset(chunk, start);
        int to = from + EntryArena.keyLength(chunk, start);
        return compare(other, chunk, from, to, seq(other)) == 0;
    }

    private long seq(int node) {
        return seqOf(towers.entry(node));
    }

    private long seqOf(int entry) {
        return EntryArena.seq(entries.chunk(entry), EntryArena.offset(entry));
    }

    /// The address of the node's entry.
    int entry(int node) {
        return towers.entry(node);
    }

    // Most searches get by with the marks, which lie beside the links: an entry is far away.
    private int compare(int node, byte[] key, int from, int to, long seq) {
        int byKey = compareKey(node, key, from, to);
        return byKey != 0 ? byKey : Long.compare(seq, seq(node));
    }

    /// The order of the key of `node` and the one from `from` to `to`.
    int compareKey(int node, byte[] key, int from, int to) {
        int entry = towers.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyOffset = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyOffset + EntryArena.keyLength(chunk, start);
        return Arrays.compareUnsigned(chunk, keyOffset, keyEnd, key, from, to);
    }
}
