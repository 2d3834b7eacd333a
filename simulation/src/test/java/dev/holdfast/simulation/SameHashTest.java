package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.simulation.history.EngineCrashHistory;
import dev.holdfast.simulation.history.Histories;
import dev.holdfast.simulation.history.History;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same seed gives the same hash: twice in one JVM, in another JVM, under another collector and
/// with another compiler.
@Timeout(600)
class SameHashTest {
    private static final int SEEDS = 50;
    private static final History HISTORY = new EngineCrashHistory();

    private static List<String> hashesHere() {
        List<String> hashes = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            var simulation = new Simulation(seed, HISTORY.setup(seed));
            HISTORY.run(simulation);
            hashes.add("%d %016x".formatted(seed, simulation.hash()));
        }
        return hashes;
    }

    @Test
    void shouldGiveTheSameHashTwiceInOneJvm() {
        for (long seed = 0; seed < SEEDS; seed++) Histories.toldTwice(HISTORY, seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseParallelGC -XX:TieredStopAtLevel=1"})
    void shouldGiveTheSameHashInAnotherJvm(String flags) throws Exception {
        var ending =
                SecondJvm.tell(
                        List.of(flags.split(" ")),
                        HISTORY.name(),
                        "--hash",
                        "--seed",
                        "0.." + (SEEDS - 1));
        List<String> there =
                ending.lines().stream()
                        .filter(line -> line.matches("\\d+ [0-9a-f]{16}.*"))
                        .toList();

        assertEquals(hashesHere(), there, String.join("\n", ending.lines()));
        assertEquals(0, ending.code());
    }
}
