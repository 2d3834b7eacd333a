package dev.holdfast.objectstore.cached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartQueueTest {
    private static Part part(int number) {
        return new Part(new PartKey(new ObjectKey(0, 0), number));
    }

    private static List<Part> added(PartQueue queue, int from, int count, Worth worth) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Part part = part(from + i);
            part.worth = worth;
            queue.add(part);
            parts.add(part);
        }
        return parts;
    }

    private static long left(List<Part> parts) {
        return parts.stream().filter(part -> !part.isOut).count();
    }

    // As a full table does it: somebody goes for each who comes.
    private static void readOnce(PartQueue queue, int from, int count) {
        for (int i = 0; i < count; i++) {
            queue.leave();
            queue.add(part(from + i));
        }
    }

    @Test
    void shouldNotDriveOutWhatIsUsedWhenMuchIsReadOnce() {
        var queue = new PartQueue(100);
        List<Part> used = added(queue, 0, 50, Worth.DATA);
        for (Part part : used) queue.use(part, Worth.DATA);
        added(queue, 50, 50, Worth.DATA);

        for (int i = 0; i < 1000; i++) {
            readOnce(queue, 1000 + i, 1);
            if (i % 10 == 0) queue.use(used.get(i / 10 % 50), Worth.DATA);
        }

        assertEquals(50, left(used));
        assertEquals(100, queue.size());
    }

    @Test
    void shouldKeepIndexesThoughNothingElseStays() {
        var queue = new PartQueue(100);
        List<Part> indexes = added(queue, 0, 20, Worth.INDEX);
        added(queue, 100, 80, Worth.DATA);

        readOnce(queue, 1000, 10_000);

        assertEquals(20, left(indexes));
    }

    @Test
    void shouldLetIndexesGoForOneAnotherOnceTheyTakeTooMuch() {
        var queue = new PartQueue(100);
        List<Part> data = added(queue, 0, 50, Worth.DATA);
        List<Part> indexes = added(queue, 100, 50, Worth.INDEX);

        for (int i = 0; i < 25; i++) queue.leave();

        assertEquals(50, left(data));
        assertEquals(25, left(indexes));
    }

    @Test
    void shouldKeepAPartOfDataThatTurnsOutToHoldAnIndex() {
        var queue = new PartQueue(100);
        Part found = added(queue, 0, 1, Worth.DATA).getFirst();
        added(queue, 1, 99, Worth.DATA);
        queue.use(found, Worth.INDEX);

        readOnce(queue, 1000, 10_000);

        assertFalse(found.isOut);
    }

    @Test
    void shouldHoldWhatWasAddedAndDidNotLeave() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var queue = new PartQueue(100);
            List<Part> there = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                step(queue, there, random);
                assertEquals(there.size(), queue.size(), "seed=" + seed);
            }
            List<Part> visited = new ArrayList<>();
            queue.visit(visited::add);
            assertTrue(visited.containsAll(there) && there.containsAll(visited), "seed=" + seed);
            while (!there.isEmpty()) assertTrue(there.remove(queue.leave()), "seed=" + seed);
            assertNull(queue.leave(), "seed=" + seed);
        }
    }

    private static void step(PartQueue queue, List<Part> there, Random random) {
        Part any = there.isEmpty() ? null : there.get(random.nextInt(there.size()));
        int what = random.nextInt(4);
        if (1 < what) {
            if (there.size() == 100) there.remove(queue.leave());
            there.addAll(added(queue, random.nextInt(500), 1, Worth.DATA));
        } else if (any != null && what == 0) {
            queue.use(any, Worth.values()[random.nextInt(2)]);
        } else if (any != null) {
            queue.remove(any);
            there.remove(any);
        }
    }
}
