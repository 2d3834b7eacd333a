package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.memory.Allowance;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Staged rows, their marks and what they hold, compared with sorted maps.
class StagedRowsTest {
    private static final int STORIES = 200;
    private static final int STEPS = 300;
    private static final int KEYS = 20;

    @Test
    void shouldBeWhatAModelIs() {
        try (Home home = Home.Kind.ENGINE.build()) {
            var stored = new WriteBatch();
            for (int i = 0; i < KEYS; i += 2) stored.put(key(i), Bytes.utf8("stored" + i));
            home.db().write(stored, Durability.MEMORY);
            for (int seed = 0; seed < STORIES; seed++) new Story(home, seed).tell();
        }
    }

    // Two and two have more than eight bytes in common.
    private static Bytes key(int number) {
        return Bytes.utf8("key%02d, behind it %s".formatted(number / 2, "x".repeat(number % 2)));
    }

    private static final class Story {
        private final Random random;
        private final String name;
        private final Allowance.Share share = Allowance.UNBOUNDED.share();
        private final StagedRows rows;
        private final Home home;
        // By key; an empty one stands for a removal.
        private TreeMap<Bytes, Bytes> model = new TreeMap<>();
        private final Deque<TreeMap<Bytes, Bytes>> marks = new ArrayDeque<>();

        private final Bytes[] keys = new Bytes[KEYS];

        Story(Home home, int seed) {
            for (int i = 0; i < KEYS; i++) keys[i] = key(i);
            this.home = home;
            random = new Random(seed);
            name = "seed " + seed;
            rows = new StagedRows(home.db().view(), share);
        }

        void tell() {
            for (int i = 0; i < STEPS; i++) {
                step();
                Bytes key = anyKey();
                assertEquals(expected(key), rows.get(key), name);
                assertEquals(model.isEmpty(), rows.isEmpty(), name);
                assertEquals(!marks.isEmpty(), rows.isMarked(), name);
                if (random.nextInt(10) == 0) compareScan();
            }
            while (!marks.isEmpty()) unmark();
            long held = 0;
            for (var row : model.entrySet())
                held += 160 + 2L * (row.getKey().length() + row.getValue().length());
            assertEquals(held, share.held(), name);
            assertEquals(model, inBatch(), name);
            rows.clear();
            assertEquals(0, share.held(), name);
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0 -> {
                    rows.mark();
                    marks.push(new TreeMap<>(model));
                }
                case 1 -> {
                    if (!marks.isEmpty()) unmark();
                }
                case 2 -> {
                    if (marks.isEmpty()) return;
                    rows.backToMark();
                    model = marks.pop();
                }
                case 3, 4 -> {
                    Bytes key = anyKey();
                    rows.delete(key);
                    model.put(key, Bytes.EMPTY);
                }
                default -> {
                    Bytes key = anyKey();
                    if (random.nextBoolean()) assertEquals(expected(key), rows.get(key), name);
                    Bytes value = Bytes.utf8("v".repeat(1 + random.nextInt(5)));
                    rows.put(key, value);
                    model.put(key, value);
                }
            }
        }

        // The same object again, or another that equals it.
        private Bytes anyKey() {
            int number = random.nextInt(KEYS);
            return random.nextBoolean() ? keys[number] : key(number);
        }

        private void unmark() {
            rows.unmark();
            marks.pop();
        }

        private @Nullable Bytes expected(Bytes key) {
            Bytes staged = model.get(key);
            if (staged == null) return home.db().get(key);
            return staged.isEmpty() ? null : staged;
        }

        private void compareScan() {
            try (Scan scan = rows.scan(KeyRange.of(key(3), key(KEYS - 3)))) {
                for (int i = 3; i < KEYS - 3; i++) {
                    Bytes value = expected(key(i));
                    if (value == null) continue;
                    assertEquals(true, scan.next(), name);
                    assertEquals(key(i), scan.key(), name);
                    assertEquals(value, scan.value(), name);
                }
                assertEquals(false, scan.next(), name);
            }
        }

        private TreeMap<Bytes, Bytes> inBatch() {
            var found = new TreeMap<Bytes, Bytes>();
            for (BatchCursor row = rows.toBatch().cursor(); row.next(); ) {
                Bytes key = Bytes.copyOf(row.array(), row.keyOffset(), row.keyLength());
                assertFalse(found.containsKey(key), name);
                found.put(
                        key,
                        Bytes.copyOf(
                                row.array(),
                                row.keyOffset() + row.keyLength(),
                                row.isDelete() ? 0 : row.valueLength()));
            }
            return found;
        }
    }

    @Test
    void shouldStageNothingOfWhatIsTooMuch() {
        try (Home home = Home.Kind.ENGINE.build()) {
            var share = new Allowance(1 << 20).share();
            var rows = new StagedRows(home.db().view(), share);
            rows.put(key(1), Bytes.utf8("small"));
            long held = share.held();
            Bytes large = Bytes.wrap(new byte[1 << 20]);

            for (int number : new int[] {1, 2})
                assertThrows(RespError.class, () -> rows.put(key(number), large));

            assertEquals(Bytes.utf8("small"), rows.get(key(1)));
            assertEquals(null, rows.get(key(2)));
            assertEquals(held, share.held());
        }
    }
}
