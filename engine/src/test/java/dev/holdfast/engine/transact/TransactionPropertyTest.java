package dev.holdfast.engine.transact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Transactions that overlap at random, against a model that knows of each key whether an answer
/// told anything of it: a commit is refused exactly if one of those was written meanwhile.
@Tag("transactions")
class TransactionPropertyTest {
    private static final int KEYS = 40;
    private static final int STEPS = 1_500;
    private static final int OPEN_MAX = 5;

    static LongStream seeds() {
        String one = System.getProperty("transact.seed");
        return one != null ? LongStream.of(Long.parseLong(one)) : LongStream.range(0, 20);
    }

    private static Bytes key(int number) {
        return Bytes.utf8("%03d".formatted(number));
    }

    private static int number(Bytes key) {
        return Integer.parseInt(key.toUtf8());
    }

    /// One transaction, and what the model knows of it.
    private static final class Open {
        final Transaction transaction;
        final TreeMap<Integer, String> sees;
        final BitSet read = new BitSet();
        final BitSet written = new BitSet();
        final BitSet unmarked = new BitSet();
        final BitSet elsewhere = new BitSet();
        final List<Walk> walks = new ArrayList<>();

        Open(Transaction transaction, TreeMap<Integer, String> committed) {
            this.transaction = transaction;
            sees = new TreeMap<>(committed);
        }

        boolean isLost() {
            var tracked = (BitSet) written.clone();
            tracked.andNot(unmarked);
            tracked.or(read);
            return tracked.intersects(elsewhere);
        }
    }

    /// A scan under way, and the keys that it has yet to tell of.
    private static final class Walk {
        final Scan scan;
        final Order order;
        final TreeMap<Integer, String> left;
        int low;
        int high;
        boolean isOver;

        Walk(Scan scan, Order order, TreeMap<Integer, String> left, int low, int high) {
            this.scan = scan;
            this.order = order;
            this.left = left;
            this.low = low;
            this.high = high;
        }

        @Nullable Integer expected() {
            if (left.isEmpty()) return null;
            return order == Order.ASCENDING ? left.firstKey() : left.lastKey();
        }
    }

    private final SplittableRandom[] chance = new SplittableRandom[1];
    private final TreeMap<Integer, String> committed = new TreeMap<>();
    private final List<Open> open = new ArrayList<>();
    private int values;
    private int refused;

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldRefuseExactlyWhatMissedSomething(long seed) {
        chance[0] = new SplittableRandom(seed);
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(ByteSize.bytes(4_000))
                        .blockSize(ByteSize.bytes(64))
                        .untended()
                        .build();
        try (HoldfastDb db = Engine.open(new MemoryStore(), "db", settings)) {
            for (int step = 0; step < STEPS; step++) step(db, "seed=" + seed + " step=" + step);
            var all = new TreeMap<Integer, String>();
            try (Scan scan = db.scan(KeyRange.all())) {
                while (scan.next()) all.put(number(scan.key()), scan.value().toUtf8());
            }
            assertEquals(committed, all, "seed=" + seed);
            assertEquals(true, 10 < refused, "seed=" + seed + " refused=" + refused);
        }
    }

    private int draw(int bound) {
        return chance[0].nextInt(bound);
    }

    private void step(HoldfastDb db, String where) {
        if (open.size() < OPEN_MAX && draw(4) == 0) {
            IsolationLevel level = IsolationLevel.values()[draw(2)];
            open.add(new Open(db.begin(level), committed));
        }
        if (draw(200) == 0) db.flushMemtables();
        if (open.isEmpty()) return;
        Open one = open.get(draw(open.size()));
        switch (draw(16)) {
            case 0, 1 -> commit(one, where);
            case 2 -> markOrUnmark(one);
            case 3, 4, 5 -> write(one);
            case 6, 7, 8 -> get(one, where);
            case 9, 10 -> begin(one);
            default -> walk(one, where);
        }
    }

    private void commit(Open one, String where) {
        open.remove(one);
        boolean isRefused = false;
        try {
            if (draw(10) == 0) one.transaction.rollback();
            else one.transaction.commit(Durability.MEMORY);
        } catch (Conflict lost) {
            isRefused = true;
        }
        boolean isCommitted = one.transaction.outcome() == Transaction.Outcome.COMMITTED;
        boolean isRolledBack = !isCommitted && !isRefused;
        if (!isRolledBack) assertEquals(one.isLost() && !one.written.isEmpty(), isRefused, where);
        if (isRefused) refused++;
        if (!isCommitted) return;
        for (int key : one.written.stream().toArray()) {
            String value = one.sees.get(key);
            if (value == null) committed.remove(key);
            else committed.put(key, value);
            if (one.unmarked.get(key)) continue;
            for (Open other : open) other.elsewhere.set(key);
        }
    }

    private void markOrUnmark(Open one) {
        int key = draw(KEYS);
        if (draw(2) == 0) {
            one.transaction.markRead(key(key));
            one.read.set(key);
        } else {
            one.transaction.unmarkWrite(key(key));
            one.unmarked.set(key);
        }
    }

    private void write(Open one) {
        int key = draw(KEYS);
        one.written.set(key);
        if (draw(3) == 0) {
            one.transaction.delete(key(key));
            one.sees.remove(key);
        } else {
            String value = "v" + ++values;
            one.transaction.put(key(key), Bytes.utf8(value));
            one.sees.put(key, value);
        }
    }

    private static boolean isTracked(Open one) {
        return one.transaction.isolationLevel() == IsolationLevel.SERIALIZABLE;
    }

    private void get(Open one, String where) {
        int key = draw(KEYS);
        Bytes found = one.transaction.get(key(key));
        assertEquals(one.sees.get(key), found == null ? null : found.toUtf8(), where);
        if (isTracked(one) && !one.written.get(key)) one.read.set(key);
    }

    private void begin(Open one) {
        int low = draw(KEYS);
        int high = low + draw(KEYS - low + 1);
        Order order = Order.values()[draw(2)];
        Scan scan = one.transaction.scan(KeyRange.of(key(low), key(high)), order);
        var left = new TreeMap<>(one.sees.subMap(low, high));
        one.walks.add(new Walk(scan, order, left, low, high));
    }

    private void walk(Open one, String where) {
        if (one.walks.isEmpty()) return;
        Walk walk = one.walks.get(draw(one.walks.size()));
        switch (draw(12)) {
            case 0 -> {
                walk.scan.close();
                one.walks.remove(walk);
            }
            case 1 -> seek(walk);
            default -> next(one, walk, where);
        }
    }

    private void seek(Walk walk) {
        int to = draw(KEYS);
        walk.scan.seek(key(to));
        if (walk.isOver) return;
        switch (walk.order) {
            case ASCENDING -> {
                walk.low = Math.max(walk.low, to);
                walk.left.headMap(to).clear();
            }
            case DESCENDING -> {
                walk.high = Math.min(walk.high, to + 1);
                walk.left.tailMap(to, false).clear();
            }
        }
    }

    private void next(Open one, Walk walk, String where) {
        Integer expected = walk.expected();
        boolean stands = walk.scan.next();
        assertEquals(expected, stands ? (Integer) number(walk.scan.key()) : null, where);
        int from = walk.low;
        int to = walk.high;
        if (!stands) {
            walk.isOver = true;
        } else {
            assertEquals(walk.left.remove(expected), walk.scan.value().toUtf8(), where);
            if (walk.order == Order.ASCENDING) to = walk.low = expected + 1;
            else from = walk.high = expected;
        }
        if (isTracked(one) && from < to) one.read.set(from, to);
    }
}
