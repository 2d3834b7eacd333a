package dev.holdfast.system.disk;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.WriteBatch;
import java.util.Map;
import java.util.TreeMap;

/// A lane of commits at one durability, numbered from 1, each on keys of its lane alone: the number
/// of the last one says all that the lane must hold.
enum Lane {
    UNAWAITED(Durability.MEMORY),
    FIRST(Durability.LOCAL),
    SECOND(Durability.LOCAL),
    THIRD(Durability.LOCAL),
    SHIPPED(Durability.REMOTE);

    private static final int KEYS = 40;
    private static final int LARGE_EVERY = 97;
    private static final int LARGE_BYTES = 20_000;
    private static final int USUAL_BYTES = 500;

    private final Durability durability;

    Lane(Durability durability) {
        this.durability = durability;
    }

    Durability durability() {
        return durability;
    }

    private Bytes lastKey() {
        return Bytes.utf8("last/" + name());
    }

    private Bytes key(int number) {
        return Bytes.utf8("%s/%02d".formatted(name(), number % KEYS));
    }

    private static Bytes value(int number) {
        int length =
                number % LARGE_EVERY == 0 ? LARGE_BYTES : Math.floorMod(number * 7919, USUAL_BYTES);
        return Bytes.utf8(number + ":" + "x".repeat(length));
    }

    /// Commit `number`.
    WriteBatch batch(int number) {
        return new WriteBatch()
                .put(lastKey(), Bytes.utf8("" + number))
                .put(key(number), value(number));
    }

    /// The number of the last commit in `db`; 0 if there is none.
    int last(Reads db) {
        Bytes last = db.get(lastKey());
        return last == null ? 0 : Integer.parseInt(last.toUtf8());
    }

    private void addRows(int last, Map<Bytes, Bytes> rows) {
        if (0 < last) rows.put(lastKey(), Bytes.utf8("" + last));
        for (int number = Math.max(1, last - KEYS + 1); number <= last; number++)
            rows.put(key(number), value(number));
    }

    /// All that a database holds whose lanes end with the numbers `last`.
    static TreeMap<Bytes, Bytes> rowsUpTo(int[] last) {
        var rows = new TreeMap<Bytes, Bytes>();
        for (Lane lane : values()) lane.addRows(last[lane.ordinal()], rows);
        return rows;
    }

    /// The last number of each lane in `db`.
    static int[] lasts(Reads db) {
        var last = new int[values().length];
        for (Lane lane : values()) last[lane.ordinal()] = lane.last(db);
        return last;
    }
}
