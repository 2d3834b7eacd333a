package dev.holdfast.redis.script.lua;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A table of Lua: an array part, and a hash part that resolves collisions inside itself.
///
/// It grows, and is walked, just as a table of Lua 5.1 is, so that `pairs` and `#` tell what they
/// tell there. Not thread-safe, but a frozen one may be read by many.
///
/// Invariant: a key that is not at its main position is only there because the key at its main
/// position belongs there; all keys of one main position are on one chain from it.
public final class LuaTable {
    static final String FROZEN = "Attempt to modify a readonly table";

    private static final Object[] NO_SLOTS = {};
    private static final int ARRAY_BITS_MAX = 26;
    private static final int NODE_BYTES = 24;
    private static final int SLOT_BYTES = 8;
    private static final int TABLE_BYTES = 96;
    private static final double EXACT_MAX = 1 << 30;

    private final Memory memory;
    private @Nullable Object[] array = NO_SLOTS;
    private @Nullable Object[] keys = NO_SLOTS;
    private @Nullable Object[] values = NO_SLOTS;
    private int[] next = {}; // the node that follows on the chain, or -1
    private int lastFree;
    private @Nullable LuaTable metatable;
    private boolean isFrozen;
    int mark;

    public LuaTable(Memory memory) {
        this(memory, 0, 0);
    }

    /// A table with room for `slots` in a row and `nodes` others.
    public LuaTable(Memory memory, int slots, int nodes) {
        this.memory = memory;
        memory.charge(TABLE_BYTES);
        if (0 < slots || 0 < nodes) resize(slots, nodes);
    }

    /// A table with the same content, which can be changed.
    public LuaTable copy(Memory into) {
        var copy = new LuaTable(into);
        copy.array = array.clone();
        copy.keys = keys.clone();
        copy.values = values.clone();
        copy.next = next.clone();
        copy.lastFree = lastFree;
        copy.metatable = metatable;
        return copy;
    }

    /// Nobody may change it any more. Returns this table.
    public LuaTable freeze() {
        isFrozen = true;
        return this;
    }

    /// True if nobody may change it any more.
    public boolean isFrozen() {
        return isFrozen;
    }

    /// Its metatable; null if it has none.
    public @Nullable LuaTable metatable() {
        return metatable;
    }

    /// Gives it another metatable, or none.
    public void metatable(@Nullable LuaTable other) {
        checkThawed();
        metatable = other;
    }

    /// What `key` holds; null if it holds nothing.
    public @Nullable Object get(@Nullable Object key) {
        if (key instanceof LuaString string) return get(string);
        if (key == null) return null;
        if (key instanceof Double number) {
            int index = (int) (double) number;
            if (index == number) return get(index);
        }
        int node = find(key);
        return node < 0 ? null : values[node];
    }

    /// What `key` holds; null if it holds nothing.
    public @Nullable Object get(LuaString key) {
        if (keys.length == 0) return null;
        for (int node = key.luaHash() & keys.length - 1; 0 <= node; node = next[node])
            if (key.equals(keys[node])) return values[node];
        return null;
    }

    /// What `index` holds; null if it holds nothing.
    public @Nullable Object get(int index) {
        if (0 < index && index <= array.length) return array[index - 1];
        if (keys.length == 0) return null;
        for (int node = placeOf((double) index); 0 <= node; node = next[node])
            if (keys[node] instanceof Double number && number == index) return values[node];
        return null;
    }

    /// Has `index` hold `value`, or nothing if that is null.
    public void set(int index, @Nullable Object value) {
        if (0 < index && index <= array.length) {
            checkThawed();
            array[index - 1] = value;
            return;
        }
        set((Object) (double) index, value);
    }

    /// Makes room for `slots` in a row.
    void reserve(int slots) {
        if (array.length < slots) resize(slots, keys.length);
    }

    /// Has the text `key` hold `value`.
    public void set(String key, @Nullable Object value) {
        set(LuaString.of(key), value);
    }

    /// Has `key`, which is neither nil nor NaN, hold `value`, or nothing if that is null.
    public void set(Object key, @Nullable Object value) {
        checkThawed();
        if (key instanceof Double number) {
            int index = (int) (double) number;
            if (index == number && 0 < index && index <= array.length) {
                array[index - 1] = value;
                return;
            }
        }
        int node = find(key);
        if (0 <= node) values[node] = value;
        else if (value != null) insert(key, value);
        else insert(key, null);
    }

    /// A border: an index that holds something while the next one does not; 0 if 1 holds nothing.
    public int length() {
        int high = array.length;
        if (0 < high && array[high - 1] == null) return border(0, high);
        if (keys.length == 0) return high;
        int low = high;
        high++;
        while (get(high) != null) {
            low = high;
            if (Integer.MAX_VALUE / 2 < high) return linearBorder();
            high *= 2;
        }
        return border(low, high);
    }

    private int border(int from, int to) {
        int low = from;
        int high = to;
        while (1 < high - low) {
            int middle = (low + high) >>> 1;
            if (get(middle) == null) high = middle;
            else low = middle;
        }
        return low;
    }

    private int linearBorder() {
        int index = 1;
        while (get(index) != null) index++;
        return index - 1;
    }

    /// Where a walk stands: the next place behind `key` that holds something, or -1 at the end.
    /// Throws an error if the key is not there.
    public int after(@Nullable Object key) {
        int place = key == null ? 0 : placeBehind(key);
        for (; place < array.length; place++) if (array[place] != null) return place;
        for (int node = place - array.length; node < keys.length; node++)
            if (values[node] != null) return node + array.length;
        return -1;
    }

    /// The key at a place that a walk has come to.
    public Object keyAt(int place) {
        if (place < array.length) return (double) (place + 1);
        return java.util.Objects.requireNonNull(keys[place - array.length]);
    }

    /// What is at a place that a walk has come to.
    public @Nullable Object valueAt(int place) {
        return place < array.length ? array[place] : values[place - array.length];
    }

    private int placeBehind(Object key) {
        if (key instanceof Double number) {
            int index = (int) (double) number;
            if (index == number && 0 < index && index <= array.length) return index;
        }
        int node = find(key);
        if (node < 0) throw new LuaError("invalid key to 'next'");
        return array.length + node + 1;
    }

    /// About how much memory it takes.
    long size() {
        return TABLE_BYTES + (long) array.length * SLOT_BYTES + (long) keys.length * NODE_BYTES;
    }

    /// Shows `visitor` all that it refers to.
    void visit(Memory.Visitor visitor) {
        for (Object value : array) visitor.visit(value);
        for (int i = 0; i < keys.length; i++) {
            if (values[i] == null) continue;
            visitor.visit(keys[i]);
            visitor.visit(values[i]);
        }
        visitor.visit(metatable);
    }

    private void checkThawed() {
        if (isFrozen) throw new LuaError(FROZEN);
    }

    private int find(Object key) {
        if (keys.length == 0) return -1;
        for (int node = placeOf(key); 0 <= node; node = next[node])
            if (key.equals(keys[node]) || isSameZero(key, keys[node])) return node;
        return -1;
    }

    // The two zeros are one key, although not one Double.
    private static boolean isSameZero(Object one, @Nullable Object other) {
        return one instanceof Double a && a == 0 && other instanceof Double b && b == 0;
    }

    private int placeOf(Object key) {
        int mask = keys.length - 1;
        return switch (key) {
            case LuaString string -> string.luaHash() & mask;
            case Double number -> placeOf((double) number);
            case Boolean truth -> (truth ? 1 : 0) & mask;
            default -> Integer.remainderUnsigned(System.identityHashCode(key), mask | 1);
        };
    }

    private int placeOf(double number) {
        if (number == 0) return 0;
        long bits = Double.doubleToRawLongBits(number);
        int sum = (int) bits + (int) (bits >>> 32);
        return Integer.remainderUnsigned(sum, keys.length - 1 | 1);
    }

    private void insert(Object key, @Nullable Object value) {
        int place = keys.length == 0 ? -1 : placeOf(key);
        if (place < 0 || values[place] != null) {
            int free = takeFree();
            if (free < 0) {
                rehash(key);
                set(key, value);
                return;
            }
            place = makeRoom(place, free);
        }
        keys[place] = key;
        values[place] = value;
    }

    // Where the new key goes: to its main position if what is there does not belong there.
    private int makeRoom(int place, int free) {
        int rightful = placeOf(java.util.Objects.requireNonNull(keys[place]));
        if (rightful == place) {
            next[free] = next[place];
            next[place] = free;
            return free;
        }
        int previous = rightful;
        while (next[previous] != place) previous = next[previous];
        next[previous] = free;
        keys[free] = keys[place];
        values[free] = values[place];
        next[free] = next[place];
        next[place] = -1;
        values[place] = null;
        return place;
    }

    private int takeFree() {
        while (0 < lastFree) if (keys[--lastFree] == null) return lastFree;
        return -1;
    }

    // As much in a row as fills more than half of a power of two; the rest is hashed.
    private void rehash(Object extra) {
        int[] counts = new int[ARRAY_BITS_MAX + 1]; // of the indexes in (2^(i-1), 2^i]
        int total = 1;
        int candidates = countIndex(extra, counts);
        for (int i = 0; i < array.length; i++) {
            if (array[i] == null) continue;
            candidates += countIndex((double) (i + 1), counts);
            total++;
        }
        for (int i = 0; i < keys.length; i++) {
            if (values[i] == null) continue;
            candidates += countIndex(java.util.Objects.requireNonNull(keys[i]), counts);
            total++;
        }
        int size = 0;
        int inArray = 0;
        int sum = 0;
        for (int i = 0, power = 1; i <= ARRAY_BITS_MAX && power / 2 < candidates; i++, power *= 2) {
            sum += counts[i];
            if (counts[i] == 0 || sum <= power / 2) continue;
            size = power;
            inArray = sum;
        }
        resize(size, total - inArray);
    }

    private static int countIndex(Object key, int[] counts) {
        if (!(key instanceof Double number) || number < 1 || EXACT_MAX < number) return 0;
        int index = (int) (double) number;
        if (index != number || 1 << ARRAY_BITS_MAX < index) return 0;
        counts[index == 1 ? 0 : 32 - Integer.numberOfLeadingZeros(index - 1)]++;
        return 1;
    }

    private void resize(int slots, int nodes) {
        int nodeCount = nodes == 0 ? 0 : nodes == 1 ? 1 : Integer.highestOneBit(nodes - 1) << 1;
        memory.charge((long) slots * SLOT_BYTES + (long) nodeCount * NODE_BYTES);
        @Nullable Object[] oldArray = array;
        @Nullable Object[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        array = Arrays.copyOf(oldArray, slots);
        keys = new Object[nodeCount];
        values = new Object[nodeCount];
        next = new int[nodeCount];
        Arrays.fill(next, -1);
        lastFree = nodeCount;
        for (int i = slots; i < oldArray.length; i++)
            if (oldArray[i] != null) set(i + 1, oldArray[i]);
        for (int i = oldKeys.length - 1; 0 <= i; i--)
            if (oldValues[i] != null)
                set(java.util.Objects.requireNonNull(oldKeys[i]), oldValues[i]);
    }
}
