package dev.holdfast.simulation.planted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.explore.Exhaustive;
import dev.holdfast.simulation.explore.Exhaustive.Reach;
import dev.holdfast.simulation.explore.Exhaustive.Reduction;
import dev.holdfast.simulation.explore.Exhaustive.Sees;
import dev.holdfast.simulation.explore.Exploration;
import dev.holdfast.simulation.explore.Scenario;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What explores orders is itself explored: it finds planted races, and counts what can be counted
/// by hand.
@Timeout(120)
class ExhaustiveTest {
    private static final Reach EACH = new Reach(Sees.ACCESSES, Reduction.EACH, 1_000_000);

    /// Some actors count; in the end everything must be counted.
    private record Counting(
            Counters counters, int actors, Consumer<Counters> act, ToIntFunction<Counters> result)
            implements Scenario {
        @Override
        public void begin(Simulation simulation) {
            for (int i = 0; i < actors; i++) {
                simulation.world().start("actor " + i, () -> act.accept(counters));
            }
        }

        @Override
        public void judge() {
            assertEquals(actors, result.applyAsInt(counters));
        }
    }

    private static Counting counting(
            int actors, Consumer<Counters> act, ToIntFunction<Counters> result) {
        return new Counting(new Counters(), actors, act, result);
    }

    @Test
    void shouldFindAReadThatIsFollowedByAWrite() {
        AssertionError found =
                assertThrows(
                        AssertionError.class,
                        () ->
                                Exhaustive.explore(() ->
                                        counting(
                                                2,
                                                each -> each.count("x"),
                                                each -> each.counted("x"))));
        assertTrue(found.getMessage().contains("in this order"), found.getMessage());
    }

    @Test
    void shouldFindARaceOfOrdinaryFieldsWhenTheyAreSeen() {
        assertThrows(
                AssertionError.class,
                () ->
                        Exhaustive.explore(
                                Reach.WITH_FIELDS,
                                () ->
                                        counting(
                                                2,
                                                Counters::countPlainly,
                                                Counters::countedPlainly)));
    }

    @Test
    void shouldRunEveryOrderOnceAndNoMore() {
        // three actors with one access each to one object: 3! orders
        Exploration three =
                Exhaustive.explore(
                        () -> counting(3, Counters::countRightly, Counters::countedRightly));
        assertEquals(6, three.orders());
        // two actors with two accesses each: 4! / (2! * 2!)
        Consumer<Counters> twice =
                each -> {
                    each.countRightly();
                    each.countRightly();
                };
        Exploration two =
                Exhaustive.explore(() -> counting(2, twice, each -> each.countedRightly() / 2));
        assertEquals(6, two.orders());
    }

    /// Three actors; each reads the other's counter and counts its own.
    private static final class Ring implements Scenario {
        private final AtomicInteger[] seats = {
            new AtomicInteger(), new AtomicInteger(), new AtomicInteger()
        };
        private final int[] seen = new int[seats.length];
        private final Set<String> ends;

        Ring(Set<String> ends) {
            this.ends = ends;
        }

        @Override
        public void begin(Simulation simulation) {
            for (int i = 0; i < seats.length; i++) {
                int own = i;
                simulation.world().start("actor " + i, () -> act(own));
            }
        }

        private void act(int own) {
            seats[own].incrementAndGet();
            int first = seats[(own + 1) % seats.length].get();
            seats[own].incrementAndGet();
            seen[own] = 10 * first + seats[(own + 2) % seats.length].get();
        }

        @Override
        public void judge() {
            ends.add(seen[0] + " " + seen[1] + " " + seen[2]);
        }
    }

    /// What is left out is nothing but repetition: both ways see the same ends.
    @Test
    void shouldComeToTheSameEndsWithAndWithoutReduction() {
        Set<String> once = new HashSet<>();
        Set<String> each = new HashSet<>();
        Exploration reduced = Exhaustive.explore(() -> new Ring(once));
        Exploration all = Exhaustive.explore(EACH, () -> new Ring(each));
        System.out.println("ring: reduced " + reduced + "; all " + all + "; ends " + each.size());
        assertEquals(each, once);
        assertEquals(34_650, all.orders()); // 12! / (4! * 4! * 4!)
        assertTrue(reduced.orders() < all.orders() / 4, reduced.toString());
    }

    /// Random switches find what a scheduler that switches at waits alone never would.
    @Test
    void shouldFindACheckThatIsFollowedByAnActOnlyWhereThreadsSwitch() {
        Setup switching = new Setup(Setup.Order.UNIFORM, 0.5);
        Setup leading = new Setup(Setup.Order.PRIORITIES, 0.5);
        long lost = lostIn(switching);
        long lostLeading = lostIn(leading);
        System.out.println("check-then-act: " + lost + " and " + lostLeading + " of 500 runs");
        assertEquals(0, lostIn(Setup.PLAIN));
        assertTrue(0 < lost && 0 < lostLeading);
    }

    private static long lostIn(Setup setup) {
        long lost = 0;
        for (long seed = 0; seed < 500; seed++) {
            var simulation = new Simulation(seed, setup);
            var counters = new Counters();
            int[] ends = new int[2];
            simulation.world().start("one", () -> ends[0] = counters.offer(1) ? 1 : 0);
            simulation.world().start("two", () -> ends[1] = counters.closeAndDrain());
            simulation.run(Duration.ofMinutes(1));
            if (ends[0] != ends[1]) lost++;
        }
        return lost;
    }
}
