package dev.holdfast.lifecycle.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final Budget BUDGET =
            new Budget(
                    List.of(new Share(10, 1000, 1), new Share(20, 30, 1), new Share(50, 1000, 2)));

    @Test
    void shouldShareWhatIsLeftAfterTheLaterFloorsByWeight() {
        assertEquals((170 - 70) / 4, BUDGET.slice(0, 170));
    }

    @Test
    void shouldCapAPhaseAndCarryTheRestForward() {
        assertEquals(30, BUDGET.slice(1, 500));
        assertEquals(470, BUDGET.slice(2, 470));
    }

    @Test
    @Tag("LIFE-29")
    void life29ShouldGiveEveryPhaseItsFloorHoweverGreedyTheOthersAre() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<Share> shares = new ArrayList<>();
            long floors = 0;
            for (int i = 0; i < 1 + random.nextInt(7); i++) {
                long floor = random.nextInt(100);
                floors += floor;
                shares.add(new Share(floor, floor + random.nextInt(1_000), 1 + random.nextInt(9)));
            }
            long left = floors + random.nextInt(1_000);
            var budget = new Budget(shares);
            for (int i = 0; i < shares.size(); i++) {
                long slice = budget.slice(i, left);
                assertTrue(
                        shares.get(i).floorNanos() <= slice && slice <= left,
                        "seed=" + seed + " phase " + i + " of " + shares + " got " + slice);
                long spare = random.nextBoolean() ? budget.spare(i, left) : 0;
                assertTrue(0 <= spare && spare <= left - slice, "seed=" + seed + " " + shares);
                left -= slice + spare; // every phase uses all it gets
            }
        }
    }

    @Test
    void shouldSplitInThousandthsWithoutOverflow() {
        Share share = Share.of(Long.MAX_VALUE / 4, 100, 1000, 1);
        assertTrue(0 < share.floorNanos() && share.floorNanos() < share.capNanos());
    }
}
