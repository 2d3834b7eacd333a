package dev.holdfast.objectstore.cached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartTableTest {
    private static final long ENOUGH = 1000;
    private static final ObjectKey OBJECT = new ObjectKey(1, 2);

    private final Deadline deadline = Deadline.after(Env.system(), Duration.ofMinutes(1));

    private static PartKey key(int number) {
        return new PartKey(OBJECT, number);
    }

    private Part load(PartTable table, int number) {
        return assertInstanceOf(Turn.Load.class, table.turn(key(number), Worth.DATA, deadline))
                .part();
    }

    private Part present(PartTable table, int number) {
        Part part = load(table, number);
        assertTrue(table.reserve(part, ENOUGH));
        assertTrue(table.present(part, 10, new int[1]));
        return part;
    }

    @Test
    void shouldHaveOneFetchAndTheOthersWait() {
        var table = new PartTable(3, 0);

        Part part = load(table, 7);
        var wait = assertInstanceOf(Turn.Wait.class, table.turn(key(7), Worth.DATA, deadline));
        assertNull(table.pin(key(7), Worth.DATA));
        table.reserve(part, ENOUGH);
        table.present(part, 10, new int[1]);

        assertFalse(wait.flight().isOver());
        assertInstanceOf(Turn.Hit.class, table.turn(key(7), Worth.DATA, deadline));
    }

    @Test
    void shouldBeAbsentAgainWhereAFetchFailed() {
        var table = new PartTable(1, 0);
        Part failed = load(table, 1);
        table.reserve(failed, ENOUGH);

        table.giveUp(failed);

        assertEquals(0, table.written());
        Part next = load(table, 1);
        assertTrue(table.reserve(next, 1), "its room was not given back");
    }

    @Test
    void shouldNotGiveASlotAwayWhileItIsRead() {
        var table = new PartTable(2, 0);
        present(table, 1);
        present(table, 2);
        Part first = table.pin(key(1), Worth.DATA);
        Part second = table.pin(key(2), Worth.DATA);
        assertNotNull(first);
        assertNotNull(second);
        int slot = first.slot;

        Part third = load(table, 3);
        assertFalse(table.reserve(third, ENOUGH));
        table.unpin(first);

        assertTrue(table.reserve(third, ENOUGH));
        assertEquals(slot, third.slot);
        assertNotEquals(slot, second.slot);
    }

    @Test
    void shouldNotKeepWhatIsForgottenOnItsWay() {
        var table = new PartTable(2, 0);
        Part part = load(table, 1);
        table.reserve(part, ENOUGH);

        assertEquals(List.of(), table.forget(OBJECT));

        assertFalse(table.present(part, 10, new int[1]));
        assertNull(table.pin(key(1), Worth.DATA));
    }

    @Test
    void shouldTakeNoMoreRoomThanTheDiskHas() {
        var table = new PartTable(10, 0);
        Part first = load(table, 1);
        Part second = load(table, 2);

        assertTrue(table.reserve(first, 1));
        assertFalse(table.reserve(second, 1), "the room is another's already");
        table.present(first, 10, new int[1]);

        assertTrue(table.reserve(second, 0), "somebody can go for it");
        assertEquals(1, table.written());
        assertEquals(1, table.evictions());
    }

    /// Readers, fetches that fail and end well, and forgetting, in any order.
    @Test
    void shouldNeverGiveASlotToTwo() {
        for (long seed = 0; seed < 100; seed++) {
            var life = new Life(new Random(seed));
            for (int step = 0; step < 2000; step++) {
                life.step();
                life.assertNoSlotTwice("seed=" + seed + ", step=" + step);
            }
        }
    }

    /// A table among readers that come and go.
    private final class Life {
        private static final int SLOTS = 8;
        private static final int KEYS = 20;

        private final Random random;
        private final PartTable table;
        private final List<Part> loading = new ArrayList<>();
        private final List<Part> pinned = new ArrayList<>();

        Life(Random random) {
            this.random = random;
            table = new PartTable(SLOTS, random.nextInt(SLOTS));
            table.restore(List.of());
        }

        void step() {
            switch (random.nextInt(7)) {
                case 0, 1 -> begin();
                case 2, 3 -> endOne();
                case 4 -> pinOne();
                case 5 -> unpinOne();
                default -> forget();
            }
        }

        private PartKey anyKey() {
            return key(random.nextInt(KEYS));
        }

        private void begin() {
            switch (table.turn(anyKey(), Worth.values()[random.nextInt(2)], deadline)) {
                case Turn.Load load -> {
                    table.reserve(load.part(), random.nextInt(4));
                    loading.add(load.part());
                }
                case Turn.Hit hit -> pinned.add(hit.part());
                case Turn.Wait _ -> {}
            }
        }

        private void endOne() {
            if (loading.isEmpty()) return;
            Part part = loading.remove(random.nextInt(loading.size()));
            boolean fails = part.slot == Part.NO_SLOT || random.nextInt(4) == 0;
            if (fails) table.giveUp(part);
            else table.present(part, 1, new int[1]);
        }

        private void pinOne() {
            Part part = table.pin(anyKey(), Worth.DATA);
            if (part != null) pinned.add(part);
        }

        private void unpinOne() {
            if (pinned.isEmpty()) return;
            Part part = pinned.remove(random.nextInt(pinned.size()));
            if (random.nextInt(3) == 0) table.drop(part);
            table.unpin(part);
        }

        private void forget() {
            if (random.nextInt(40) == 0) table.forget(OBJECT);
        }

        void assertNoSlotTwice(String when) {
            Map<Integer, Part> bySlot = new HashMap<>();
            Set<Part> all = new HashSet<>(loading);
            all.addAll(pinned);
            for (Part part : all) {
                assertTrue(part.slot < SLOTS, when);
                Part other = part.slot == Part.NO_SLOT ? null : bySlot.put(part.slot, part);
                assertNull(other, when);
            }
        }
    }
}
