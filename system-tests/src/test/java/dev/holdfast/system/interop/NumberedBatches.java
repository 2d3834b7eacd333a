package dev.holdfast.system.interop;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.WriteBatch;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A sequence of batches that follows from a seed, so that two processes know it: each says its own
/// number, and so a database says how many of them it holds.
final class NumberedBatches {
    /// Holds the number of the last batch.
    static final Bytes LAST = Bytes.utf8("~last");

    private static final int KEYS = 500;

    private final long seed;
    private final TreeMap<Bytes, Bytes> state = new TreeMap<>();
    private long applied;

    NumberedBatches(long seed) {
        this.seed = seed;
    }

    /// Batch `number`, from 1 on.
    WriteBatch batch(long number) {
        var batch = new WriteBatch();
        var random = new SplittableRandom(seed + number);
        for (int row = random.nextInt(8); 0 <= row; row--) {
            Bytes key = Bytes.utf8("key" + random.nextInt(KEYS));
            if (random.nextInt(4) == 0) batch.delete(key);
            else batch.put(key, Bytes.utf8(number + "x".repeat(random.nextInt(400))));
        }
        return batch.put(LAST, Bytes.utf8(Long.toString(number)));
    }

    /// What the first `count` batches leave; never fewer than asked for before.
    TreeMap<Bytes, Bytes> stateAfter(long count) {
        while (applied < count) apply(batch(++applied));
        return state;
    }

    private void apply(WriteBatch batch) {
        for (var rows = batch.cursor(); rows.next(); ) {
            Bytes key = Bytes.copyOf(rows.array(), rows.keyOffset(), rows.keyLength());
            if (rows.isDelete()) state.remove(key);
            else state.put(key, Bytes.copyOf(rows.array(), rows.valueOffset(), rows.valueLength()));
        }
    }

    /// How many batches `rows` hold, by their own word.
    static long countIn(TreeMap<Bytes, Bytes> rows) {
        Bytes last = rows.get(LAST);
        return last == null ? 0 : Long.parseLong(last.toUtf8());
    }
}
