package dev.holdfast.lifecycle.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.lifecycle.plan.Order.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static Part part(String name, Set<String> requires, Set<String> feeds) {
        return new Part(name, requires, feeds);
    }

    @Test
    @Tag("LIFE-18")
    @Tag("INC-3")
    void life18ShouldRefuseACircleAndNameThePath() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new Order(
                                        List.of(
                                                part("a", Set.of("b"), Set.of()),
                                                part("b", Set.of("c"), Set.of()),
                                                part("c", Set.of("b"), Set.of()))));
        assertTrue(refused.getMessage().contains("b -> c -> b"), refused.getMessage());
    }

    @Test
    void shouldRefuseAnEdgeToNowhereAndATakenName() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Order(List.of(part("a", Set.of("ghost"), Set.of()))));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new Order(
                                List.of(
                                        part("a", Set.of(), Set.of()),
                                        part("a", Set.of(), Set.of()))));
    }

    @Test
    @Tag("LIFE-21")
    @Tag("INC-4")
    void life21ShouldStopAProducerBeforeItsConsumerWhicheverStartedFirst() {
        // the orchestrator requires its workers, and takes what they finish
        var order =
                new Order(
                        List.of(
                                part("workers", Set.of(), Set.of("orchestrator")),
                                part("orchestrator", Set.of("workers"), Set.of())));
        assertEquals(List.of("workers", "orchestrator"), order.startOrder());
        assertEquals(
                List.of(List.of("workers"), List.of("orchestrator")), order.stopWaves(_ -> true));
        assertEquals(List.of(List.of("orchestrator"), List.of("workers")), order.releaseWaves());
    }

    @Test
    void shouldStopDependentsFirstWhereNothingFeeds() {
        var order =
                new Order(
                        List.of(
                                part("disk", Set.of(), Set.of()),
                                part("idle", Set.of("disk"), Set.of()),
                                part("db", Set.of("idle"), Set.of())));
        assertEquals(
                List.of(List.of("db"), List.of("disk")),
                order.stopWaves(name -> !name.equals("idle")));
        assertEquals(Set.of("idle", "disk"), order.allRequiredBy("db"));
    }

    @Test
    @Tag("LIFE-17")
    @Tag("LIFE-21")
    void life17ShouldKeepBothOrdersOnRandomGraphs() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Part> parts = randomParts(random);
            var order = new Order(parts);
            for (Part part : parts) {
                for (String required : part.requires()) {
                    assertTrue(
                            order.startOrder().indexOf(required)
                                    < order.startOrder().indexOf(part.name()),
                            "start. seed=" + seed);
                    assertTrue(
                            wave(order.releaseWaves(), part.name())
                                    < wave(order.releaseWaves(), required),
                            "release. seed=" + seed);
                }
                for (String fed : part.feeds()) {
                    assertTrue(
                            wave(order.stopWaves(_ -> true), part.name())
                                    < wave(order.stopWaves(_ -> true), fed),
                            "stop. seed=" + seed);
                }
            }
        }
    }

    private static List<Part> randomParts(Random random) {
        int count = 2 + random.nextInt(8);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var requires = new TreeSet<String>();
            var feeds = new TreeSet<String>();
            for (int other = 0; other < count; other++) {
                if (other < i && random.nextInt(3) == 0) requires.add("p" + other);
                if (i < other && random.nextInt(4) == 0) feeds.add("p" + other);
            }
            parts.add(part("p" + i, requires, feeds));
        }
        return parts;
    }

    private static int wave(List<List<String>> waves, String name) {
        for (int i = 0; i < waves.size(); i++) if (waves.get(i).contains(name)) return i;
        throw new AssertionError(name + " in no wave");
    }
}
