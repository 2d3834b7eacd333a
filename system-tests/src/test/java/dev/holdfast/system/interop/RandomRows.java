package dev.holdfast.system.interop;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;

/// Rows as a seed draws them: few keys, so that they meet again. Not thread-safe.
final class RandomRows {
    /// What about a seventh of the keys begin with.
    static final Bytes PREFIX = Bytes.utf8("key/abab/");

    private static final int KEYS = 300;

    /// What a row does. Where an engine cannot do it to the key at hand, it puts.
    enum Kind {
        PUT,
        PUT_EXPIRING,
        PUT_OVER,
        DELETE,
        MERGE
    }

    /// One row to be written.
    record Row(Kind kind, Bytes key, Bytes value) {}

    private final SplittableRandom random;

    RandomRows(SplittableRandom random) {
        this.random = random;
    }

    /// At least one row, of keys that differ.
    List<Row> distinct() {
        var drawn = new LinkedHashMap<Bytes, Row>();
        for (int i = random.nextInt(25); 0 <= i; i--) {
            Bytes key = key();
            drawn.put(key, new Row(kind(), key, value()));
        }
        return List.copyOf(drawn.values());
    }

    private Kind kind() {
        int dice = random.nextInt(12);
        if (dice < 5) return Kind.PUT;
        if (dice < 8) return Kind.MERGE;
        if (dice < 10) return Kind.DELETE;
        return dice == 10 ? Kind.PUT_EXPIRING : Kind.PUT_OVER;
    }

    /// Some keys, of which most are there.
    ArrayList<Bytes> some() {
        var keys = new ArrayList<Bytes>();
        for (int i = 0; i < 40; i++) keys.add(key());
        return keys;
    }

    /// From one key to another.
    KeyRange range() {
        Bytes one = key();
        Bytes other = key();
        return one.compareTo(other) < 0 ? KeyRange.of(one, other) : KeyRange.of(other, after(one));
    }

    private static Bytes after(Bytes key) {
        return Databases.concatenate(key, Bytes.wrap(new byte[1]));
    }

    Bytes key() {
        int number = random.nextInt(KEYS);
        return Bytes.utf8("key/" + "ab".repeat(number % 7) + "/" + number);
    }

    Bytes value() {
        int length = random.nextInt(40) == 0 ? random.nextInt(9_000) : random.nextInt(200);
        var value = new byte[length];
        int alphabet = 1 + random.nextInt(255);
        for (int i = 0; i < length; i++) value[i] = (byte) random.nextInt(alphabet);
        return Bytes.wrap(value);
    }
}
