package dev.holdfast.engine.memtable;

import dev.holdfast.base.Bytes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Nodes over entries: keys ascending, of one key the highest sequence number first.
///
/// One writer; any number of readers, without locks. A reader sees every node that was linked
/// before it was told of the node's sequence number, and perhaps some newer ones.
final class SkipList {
    /// How many entries are inserted together at most.
    static final int TOGETHER_MAX = PlaceSearch.ENTRIES_MAX;

    private static final int HEAD = TowerArena.HEAD;
    private static final int NOT_AHEAD = -1;
    private static final int TOUCHED_MAX = 16;
    private static final byte[] NOT_READ = {};
    private static final int NEWER_MAX =
            8; // rows that are too new, before it is searched from above
    private static final int FEW_OF = 8;
    private static final int MIDDLE_OF_MIN = 256; // what is not seen on a level evens out
    private static final long SEED = 0x9E3779B97F4A7C15L;

    private final TowerArena towers = new TowerArena();
    private final EntryArena entries;
    private KeyMarks marks; // for good once a node is linked

    // The writer's own: where the last search ended, level by level, and how tall the list is.
    private final int[] before = new int[TowerArena.HEIGHT_MAX];
    private boolean isExact = true; // on all levels, not only on the lowest
    private final HotPlaces places = new HotPlaces();
    // Of those that are inserted together: their places, if they are looked for ahead, and more.
    private final PlaceSearch ahead;
    private final int[] numbersAhead = new int[TOGETHER_MAX]; // NOT_AHEAD for none
    private final int[] heights = new int[TOGETHER_MAX];
    private final int[] hashes = new int[TOGETHER_MAX]; // for the index, or for hot places
    private long touched; // what nobody asks, so that touching is not left out
    private long coin = SEED;
    // What it looks for: the place of an entry. Its key is far away and read only where marks do
    // not decide.
    private int wanted;
    private long mark;
    private byte[] key = NOT_READ;
    private int from;
    private int to;
    private long seq;
    private volatile @Nullable KeyIndex index; // of all nodes; null as long as it is not worth it
    // Read by readers as a hint only: too low costs steps, too high meets empty levels.
    private int height = 1;

    SkipList(EntryArena entries, KeyMarks marks) {
        this.entries = entries;
        this.marks = marks;
        ahead = new PlaceSearch(towers, this::compareToEntry);
    }

    /// Bytes taken by links, and by the index if there is one.
    long bytes() {
        KeyIndex kept = index;
        return towers.bytes() + (kept == null ? 0 : kept.bytes());
    }

    /// By how much the index may still grow.
    long indexGrowthAtMost() {
        KeyIndex kept = index;
        return kept == null ? 0 : KeyIndex.BYTES_MAX - kept.bytes();
    }

    /// True if the newest rows of keys are found by an index.
    boolean isIndexed() {
        return index != null;
    }

    /// From now on the newest rows of keys are found by an index. By the writer.
    void indexKeys() {
        var made = new KeyIndex(this::isOf);
        for (int node = towers.previous(HEAD); node != HEAD; node = towers.previous(node)) {
            byte[] chunk = entries.chunk(towers.entry(node));
            int start = EntryArena.offset(towers.entry(node));
            int keyAt = EntryArena.keyOffset(chunk, start);
            int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
            made.put(KeyIndex.hash(chunk, keyAt, keyEnd), chunk, keyAt, keyEnd, node);
        }
        index = made;
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
    /// If there is none, 0 or a node of a higher key.
    int newest(int hash, byte[] key, int from, int to, long seqMax) {
        KeyIndex kept = index;
        if (kept == null) return ceiling(key, from, to, seqMax);
        int node = kept.find(hash, key, from, to);
        if (node == KeyIndex.NONE) return kept.isWhole() ? HEAD : ceiling(key, from, to, seqMax);
        for (int step = 0; step < NEWER_MAX; step++) {
            if (node == HEAD || seq(node) <= seqMax) return node;
            node = towers.next(node, 0);
        }
        return ceiling(key, from, to, seqMax);
    }

    /// Links `entry`, and tells whether its key and sequence number are new here. If they are not,
    /// it takes the place of the entry that bore them.
    boolean insert(int entry) {
        prepare(entry, 0);
        return insert(entry, 0);
    }

    /// Links `count` of `together`, one after the other as [#insert] does, and returns how many
    /// keys and sequence numbers are new here.
    int insert(int[] together, int count) {
        for (int i = 0; i < count; i++) prepare(together[i], i);
        if (1 < count) lookAhead(together, count);
        int added = 0;
        for (int i = 0; i < count; i++) if (insert(together[i], i)) added++;
        return added;
    }

    private void prepare(int entry, int number) {
        heights[number] = randomHeight();
        numbersAhead[number] = NOT_AHEAD;
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyAt = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
        hashes[number] =
                index == null
                        ? HotPlaces.hash(chunk, keyAt, keyEnd)
                        : KeyIndex.hash(chunk, keyAt, keyEnd);
    }

    // Nodes lie in no order, so a search is mostly a wait for memory: several at a time wait once.
    private void lookAhead(int[] together, int count) {
        KeyIndex kept = index;
        if (kept != null) touched = touch(kept, Arrays.copyOf(hashes, count));
        // Keys that come in order belong behind the last one.
        else if (endsBefore(together[0]) && endsBefore(together[count - 1])) return;
        ahead.clear();
        for (int i = 0; i < count; i++)
            if (needsSearch(kept, together[i], i))
                numbersAhead[i] = ahead.add(together[i], markOf(together[i]));
        ahead.run(height);
    }

    private boolean needsSearch(@Nullable KeyIndex kept, int entry, int number) {
        if (kept == null) return !places.has(hashes[number]);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyAt = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
        return 2 < heights[number]
                || kept.find(hashes[number], chunk, keyAt, keyEnd) == KeyIndex.NONE;
    }

    /// Looks at the newest rows of some of `keys`, if there is an index; what it returns means
    /// nothing.
    long touch(List<Bytes> keys) {
        KeyIndex kept = index;
        if (kept == null) return 0;
        int[] some = new int[Math.min(TOUCHED_MAX, keys.size())];
        for (int i = 0; i < some.length; i++) {
            Bytes key = keys.get(i);
            some[i] = KeyIndex.hash(key.array(), key.offset(), key.offset() + key.length());
        }
        return touch(kept, some);
    }

    // Each step waits for memory once, as no key's depends on another's.
    private long touch(KeyIndex kept, int[] some) {
        for (int i = 0; i < some.length; i++) some[i] = kept.first(some[i]);
        for (int i = 0; i < some.length; i++) some[i] = towers.entry(some[i]);
        long sum = 0;
        for (int entry : some) sum += seqOf(entry);
        return sum;
    }

    private boolean endsBefore(int entry) {
        want(entry, markOf(entry));
        return endsBefore();
    }

    private boolean insert(int entry, int number) {
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyAt = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
        want(entry, marks.of(chunk, keyAt, keyEnd));
        KeyIndex kept = index;
        int hash = hashes[number];
        int newest = kept == null ? HEAD : kept.find(hash, chunk, keyAt, keyEnd);
        // Beside the newest row of its key one of two levels would stand for one row more: not
        // worth a search.
        int levels = newest != HEAD && heights[number] == 2 ? 1 : heights[number];
        boolean isFound = newest != HEAD && (levels == 1 || isWanted(newest));
        if (!isFound) search(number, levels);
        int next = isFound ? newest : towers.next(before[0], 0);
        if (isWanted(next)) {
            towers.setEntry(next, entry);
            return false;
        }
        int node = towers.allot(entry, levels);
        towers.setMark(node, mark);
        if (isFound) linkBefore(next, node);
        else link(node, levels, next);
        if (kept != null) kept.put(hash, chunk, keyAt, keyEnd, node);
        return true;
    }

    private void search(int number, int levels) {
        if (endsBefore()) {
            if (!isExact) searchOn(levels);
        } else if (numbersAhead[number] != NOT_AHEAD) {
            // What was linked since is walked over.
            System.arraycopy(ahead.before(numbersAhead[number]), 0, before, 0, before.length);
            isExact = false;
            searchOn(levels);
            if (index == null) places.keep(hashes[number], before, height);
        } else if (index == null) {
            searchByPlace(hashes[number], levels);
        } else {
            search();
        }
    }

    // A node of one level needs no search: the newest of its key comes right behind it.
    private void linkBefore(int next, int node) {
        int last = towers.previous(next);
        towers.setPrevious(node, last);
        towers.setNext(node, 0, next);
        towers.setNext(last, 0, node);
        towers.setPrevious(next, node);
    }

    /// Makes a node of `entry`, to be linked by [#link(Unlinked)].
    void allot(int entry, Unlinked nodes) {
        int levels = randomHeight();
        nodes.add(towers.allot(entry, levels), levels);
    }

    /// Links all of `nodes`, each as [#insert] would one after the other, and returns how many keys
    /// and sequence numbers of theirs are new here.
    ///
    /// They are linked in the order of the list, so that each is looked for from where the one
    /// before went: in fewer steps, and through nodes that were just touched.
    int link(Unlinked nodes) {
        int[] places = nodes.places(marked(nodes), this::order);
        int added = 0;
        for (int i = 0; i < places.length; i++) {
            int node = nodes.node(places[i]);
            // Of one key and number, the last that came holds.
            if (i + 1 < places.length && order(node, nodes.node(places[i + 1])) == 0) continue;
            want(node);
            if (added != 0) searchOn(1);
            else if (!isExact || !endsBefore()) search();
            int next = towers.next(before[0], 0);
            if (isWanted(next)) {
                towers.setEntry(next, wanted);
            } else {
                link(node, nodes.height(places[i]), next);
                added++;
            }
        }
        if (index != null) indexKeys();
        return added;
    }

    // Gives all of them their marks, and returns these.
    private long[] marked(Unlinked nodes) {
        long[] found = new long[nodes.count()];
        for (int i = 0; i < found.length; i++) {
            found[i] = markOf(towers.entry(nodes.node(i)));
            towers.setMark(nodes.node(i), found[i]);
        }
        return found;
    }

    private int order(int one, int other) {
        want(other);
        return orderTo(one);
    }

    private void want(int node) {
        want(towers.entry(node), towers.mark(node));
    }

    private void want(int entry, long mark) {
        wanted = entry;
        this.mark = mark;
        key = NOT_READ;
    }

    private long markOf(int entry) {
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyOffset = EntryArena.keyOffset(chunk, start);
        return marks.of(chunk, keyOffset, keyOffset + EntryArena.keyLength(chunk, start));
    }

    /// If nothing is linked yet: numbers keys by what those of all `nodes` begin with. Called while
    /// nobody reads.
    void numberBy(Unlinked nodes) {
        if (towers.next(HEAD, 0) != HEAD || nodes.count() == 0) return;
        int low = nodes.node(0);
        int high = low;
        for (int i = 1; i < nodes.count(); i++) {
            want(towers.entry(nodes.node(i)), 0);
            if (0 < compareToWanted(low)) low = nodes.node(i);
            else if (compareToWanted(high) < 0) high = nodes.node(i);
        }
        marks = KeyMarks.between(key(low), key(high));
    }

    /// The key of `node`.
    Bytes key(int node) {
        int entry = towers.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        return Bytes.wrap(
                chunk, EntryArena.keyOffset(chunk, start), EntryArena.keyLength(chunk, start));
    }

    // True if the last search ended right before the wanted place too, which is so for keys that
    // come in order. On levels above the lowest it may lie behind, if that search was not exact.
    private boolean endsBefore() {
        int last = before[0];
        return (last == HEAD || isBefore(last)) && !isBefore(towers.next(last, 0));
    }

    // From where a key of the same hash stood, if that is before the wanted place.
    private void searchByPlace(int hash, int levels) {
        boolean isKept = places.find(hash, before) && (before[0] == HEAD || isBefore(before[0]));
        isExact = !isKept;
        if (isKept) searchOn(levels);
        else search();
        places.keep(hash, before, height);
    }

    private void search() {
        isExact = true;
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

    private boolean isWanted(int node) {
        return node != HEAD && orderTo(node) == 0;
    }

    private int orderTo(int node) {
        int byMark = Long.compareUnsigned(towers.mark(node), mark);
        return byMark != 0 ? byMark : compareToWanted(node);
    }

    private int compareToEntry(int node, int entry) {
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyAt = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyAt + EntryArena.keyLength(chunk, start);
        return compare(node, chunk, keyAt, keyEnd, EntryArena.seq(chunk, start));
    }

    private int compareToWanted(int node) {
        if (key == NOT_READ) {
            key = entries.chunk(wanted);
            int start = EntryArena.offset(wanted);
            seq = EntryArena.seq(key, start);
            from = EntryArena.keyOffset(key, start);
            to = from + EntryArena.keyLength(key, start);
        }
        return compare(node, key, from, to, seq);
    }

    private void link(int node, int levels, int next) {
        for (; height < levels; height++) before[height] = HEAD;
        towers.setPrevious(node, before[0]);
        for (int level = 0; level < levels; level++) {
            towers.setNext(node, level, level == 0 ? next : towers.next(before[level], level));
            towers.setNext(before[level], level, node);
            before[level] = node;
        }
        towers.setPrevious(next, node);
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
        int entry = towers.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyOffset = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyOffset + EntryArena.keyLength(chunk, start);
        int byKey = Arrays.compareUnsigned(chunk, keyOffset, keyEnd, key, from, to);
        return byKey != 0 ? byKey : Long.compare(seq, EntryArena.seq(chunk, start));
    }
}
