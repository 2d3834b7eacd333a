package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// A random sequence of commits by one writer, and what must hold of whoever opens after it.
///
/// Every commit writes its own number under [#LAST], so a database says how many commits it holds,
/// and must then equal the state after exactly those: batches whole, in order, a prefix.
final class Workload {
    static final Bytes LAST = Bytes.utf8("~last");

    private final Random random;
    private final List<SortedMap<String, String>> states = new ArrayList<>();
    private int acknowledged;
    private boolean merges;

    /// One that merges too; for databases that join operands with what is there.
    static Workload merging(long seed) {
        var workload = new Workload(seed);
        workload.merges = true;
        return workload;
    }

    Workload(long seed) {
        random = new Random(seed);
        states.add(new TreeMap<>());
    }

    /// Makes `steps` random steps, or fewer if the database gives up. True if all were made.
    boolean run(HoldfastDb db, int steps) {
        try {
            for (int i = 0; i < steps; i++) step(db);
            return true;
        } catch (StorageException.Unavailable | StorageException.Closed dead) {
            return false;
        }
    }

    /// Commits `count` batches in memory. True if all were.
    boolean commit(HoldfastDb db, int count) {
        for (int i = 0; i < count; i++) db.write(nextBatch(), Durability.MEMORY);
        return true;
    }

    /// All commits so far are known to be durable.
    void acknowledgeAll() {
        acknowledged = attempted();
    }

    private void step(HoldfastDb db) {
        switch (random.nextInt(12)) {
            case 0 -> {
                db.flush();
                acknowledged = attempted();
            }
            case 1 -> {
                db.flushMemtables();
                acknowledged = attempted();
            }
            case 2, 3, 4 -> {
                db.write(nextBatch(), Durability.REMOTE);
                acknowledged = attempted();
            }
            default -> db.write(nextBatch(), Durability.MEMORY);
        }
    }

    private WriteBatch nextBatch() {
        var state = new TreeMap<>(states.getLast());
        var batch = new WriteBatch();
        int rows = 1 + random.nextInt(4);
        for (int i = 0; i < rows; i++) {
            String key = "k" + random.nextInt(30);
            if (random.nextInt(4) == 0) {
                batch.delete(Bytes.utf8(key));
                state.remove(key);
            } else if (merges && random.nextInt(3) != 0) {
                String operand = states.size() + ".";
                batch.merge(Bytes.utf8(key), Bytes.utf8(operand));
                state.merge(key, operand, String::concat);
            } else {
                String value = states.size() + "x".repeat(random.nextInt(40));
                batch.put(Bytes.utf8(key), Bytes.utf8(value));
                state.put(key, value);
            }
        }
        batch.put(LAST, Bytes.utf8(String.valueOf(states.size())));
        state.put(LAST.toUtf8(), String.valueOf(states.size()));
        states.add(state);
        return batch;
    }

    int attempted() {
        return states.size() - 1;
    }

    int acknowledged() {
        return acknowledged;
    }

    /// What is wrong with `db`; empty if nothing is. From then on its state is what the next run
    /// builds upon, and all of it counts as acknowledged: it was read back from the store.
    String differenceFrom(Reads db) {
        Bytes last = db.get(LAST);
        int commits = last == null ? 0 : Integer.parseInt(last.toUtf8());
        if (commits < acknowledged) return "lost: has " + commits + ", acked " + acknowledged;
        if (attempted() < commits) return "phantom: has " + commits + " of " + attempted();
        SortedMap<String, String> found = contents(db);
        if (!found.equals(states.get(commits)))
            return "state of " + commits + ": expected " + states.get(commits) + ", got " + found;
        states.subList(commits + 1, states.size()).clear();
        acknowledged = commits;
        return "";
    }

    /// What is wrong with a copy that holds the first `least` commits or more; empty if nothing is.
    String differenceOfCopy(Reads copy, int least) {
        Bytes last = copy.get(LAST);
        int commits = last == null ? 0 : Integer.parseInt(last.toUtf8());
        if (commits < least || attempted() < commits) return "has " + commits + ", not " + least;
        SortedMap<String, String> found = contents(copy);
        return found.equals(states.get(commits)) ? "" : "state of " + commits + ": " + found;
    }

    static SortedMap<String, String> contents(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return found;
    }
}
