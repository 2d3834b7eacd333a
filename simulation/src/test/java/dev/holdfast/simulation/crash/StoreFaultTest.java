package dev.holdfast.simulation.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreFaultTest {
    @Test
    void shouldX() {
        Map<StoreFault, Long> struck = new EnumMap<>(StoreFault.class);
        long failed = 0;
        for (StoreFault fault : StoreFault.values()) {
            long from = System.nanoTime();
            int n = 0, bad = 0;
            long acks = 0, hits = 0;
            String first = "";
            for (long seed = 0; seed < Integer.getInteger("n", 10); seed++) {
                var story = new FaultStory(seed, StoreFaults.only(fault, fault.isPhase() ? 100 : 1500));
                String problem;
                try {
                    problem = story.run();
                } catch (AssertionError e) {
                    problem = "ERR " + e;
                }
                n++;
                if (!problem.isEmpty()) {
                    bad++;
                    if (first.isEmpty()) first = "seed " + seed + " " + problem;
                }
                acks += story.book().acknowledgements();
                hits += story.store().struck().getOrDefault(fault, 0L);
            }
            System.out.printf("simulated: %s bad %d/%d acks %d hits %d, %d ms%n", fault, bad, n, acks, hits, (System.nanoTime() - from) / 1000000);
            if (!first.isEmpty()) System.out.println("simulated: PROBLEM " + first.substring(0, Math.min(600, first.length())));
        }
    }
}
