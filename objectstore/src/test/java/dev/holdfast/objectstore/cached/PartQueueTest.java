package dev.holdfast.objectstore.cached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartQueueTest {
    @Test
    void shouldNotDriveOutWhatIsUsedWhenMuchIsReadOnce() {
        var queue = new PartQueue(100);
        for (int i = 0; i < 50; i++) queue.add("used" + i, 1);
        for (int i = 0; i < 50; i++) queue.use("used" + i);

        for (int i = 0; i < 1000; i++) {
            queue.add("once" + i, 1);
            if (i % 10 == 0) queue.use("used" + i / 10 % 50);
        }

        int left = 0;
        for (int i = 0; i < 50; i++) if (queue.holds("used" + i)) left++;
        assertEquals(50, left);
        assertEquals(100, queue.bytes());
    }

    @Test
    void shouldHoldWhatWasAddedAndDidNotLeave() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var queue = new PartQueue(1000);
            Set<String> there = new HashSet<>();
            for (int i = 0; i < 3000; i++) {
                String file = "f" + random.nextInt(100);
                switch (random.nextInt(4)) {
                    case 0 -> assertEquals(there.contains(file), queue.use(file), "seed=" + seed);
                    case 1 -> {
                        queue.remove(file);
                        there.remove(file);
                    }
                    default -> {
                        there.add(file);
                        queue.add(file, 1 + random.nextInt(100)).forEach(there::remove);
                    }
                }
                assertTrue(queue.bytes() <= 1000, "seed=" + seed);
            }
            for (int i = 0; i < 100; i++)
                assertEquals(there.contains("f" + i), queue.holds("f" + i), "seed=" + seed);
        }
    }

    @Test
    void shouldLetNothingStayThatIsLargerThanAll() {
        var queue = new PartQueue(10);

        assertEquals(java.util.List.of("big"), queue.add("big", 11));
        assertEquals(0, queue.bytes());
    }
}
