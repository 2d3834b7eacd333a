package dev.holdfast.system.interop;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.system.process.SlateDb;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A seeded sequence of batches, written through either engine, with a model of what they leave.
///
/// Not thread-safe.
final class Story {
    private static final int KEYS = 400;

    private final SplittableRandom random;
    private final TreeMap<Bytes, Bytes> model = new TreeMap<>();

    Story(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /// What must be found.
    TreeMap<Bytes, Bytes> model() {
        return model;
    }

    /// A number below `bound` from the story's seed.
    int draw(int bound) {
        return random.nextInt(bound);
    }

    /// Commits so many batches through Holdfast.
    void tell(HoldfastDb db, int batches) {
        for (int i = 0; i < batches; i++) {
            var batch = new WriteBatch();
            for (int row = random.nextInt(20); 0 <= row; row--) {
                Bytes key = key();
                if (random.nextInt(4) == 0) {
                    batch.delete(key);
                    model.remove(key);
                } else {
                    Bytes value = value();
                    batch.put(key, value);
                    model.put(key, value);
                }
            }
            db.write(batch, Durability.MEMORY);
        }
    }

    /// Commits so many batches through SlateDB, and returns the number of the last.
    long tell(SlateDb db, int batches) {
        long seq = 0;
        for (int i = 0; i < batches; i++) {
            var keys = new TreeMap<Bytes, SlateDb.Row>();
            for (int row = random.nextInt(20); 0 <= row; row--) {
                Bytes key = key();
                if (!keys.containsKey(key)) keys.put(key, row(key));
            }
            seq = db.write(List.copyOf(keys.values()));
        }
        return seq;
    }

    private SlateDb.Row row(Bytes key) {
        int dice = random.nextInt(8);
        if (dice < 2) {
            model.remove(key);
            return SlateDb.Row.delete(key);
        }
        Bytes value = value();
        if (dice < 4) {
            model.merge(key, value, Databases::concatenate);
            return SlateDb.Row.merge(key, value);
        }
        model.put(key, value);
        return SlateDb.Row.put(key, value);
    }

    /// Some keys that are there, and some that are not.
    List<Bytes> someKeys() {
        var keys = new ArrayList<Bytes>();
        for (int i = 0; i < 100; i++) keys.add(key());
        return keys;
    }

    private Bytes key() {
        int number = random.nextInt(KEYS);
        return Bytes.utf8("key/" + "ab".repeat(number % 7) + "/" + number);
    }

    private Bytes value() {
        int length = random.nextInt(20) == 0 ? random.nextInt(9_000) : random.nextInt(300);
        var value = new byte[length];
        int alphabet = 1 + random.nextInt(255);
        for (int i = 0; i < length; i++) value[i] = (byte) random.nextInt(alphabet);
        return Bytes.wrap(value);
    }
}
