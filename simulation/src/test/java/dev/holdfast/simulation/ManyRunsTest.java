package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ManyRunsTest {
    /// Were the threads of the dead kept, this would need 3 GB.
    @Test
    void shouldForgetTheThreadsOfDeadMachines() throws Exception {
        var ending = SecondJvm.run(List.of("-Xmx512m"), ManyRuns.class);
        System.out.println(String.join("\n", ending.lines()));
        assertEquals(0, ending.code(), String.join("\n", ending.lines()));
    }

    /// A step that nothing can end: the watchdog says where it is, and ends the JVM.
    @Test
    void shouldEndTheJvmWhenAStepCanNotBeEnded() throws Exception {
        var ending = SecondJvm.run(List.of("-Dsimulation.step.seconds=1"), Spinning.class);
        String said = String.join("\n", ending.lines());
        assertEquals(70, ending.code(), said);
        assertEquals(true, said.contains("spinner at dev.holdfast.simulation.ManyRunsTest"), said);
    }

    /// A world whose only thread never waits.
    static final class Spinning {
        private static volatile long turns;

        private Spinning() {}

        public static void main(String... words) {
            var simulation = new Simulation(0);
            simulation.world().start("spinner", Spinning::spin);
            simulation.run(Duration.ofMinutes(1));
        }

        private static void spin() {
            while (0 <= turns) turns = (turns + 1) & Long.MAX_VALUE;
        }
    }
}
