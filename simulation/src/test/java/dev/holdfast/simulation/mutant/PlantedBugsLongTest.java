package dev.holdfast.simulation.mutant;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.simulation.mutant.Verdict.Found;
import dev.holdfast.simulation.report.Figures;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole table of planted bugs, each searched for from the first seed on.
/// `-Dmutant.id=no-fence` looks for one of them.
@Tag("long")
class PlantedBugsLongTest {
    private static final long SEEDS_MAX = 20_000;
    private static final Duration PATIENCE =
            Duration.ofMinutes(Integer.getInteger("mutant.minutes", 10));

    static Stream<Mutant> mutants() {
        return PlantedBugsTest.chosen().filter(each -> each.proof() instanceof Mutant.Histories);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void shouldFindItWithinTheSeeds(Mutant mutant) {
        Verdict verdict = Trial.ofHistories(mutant, 0, SEEDS_MAX, PATIENCE);
        System.out.println(mutant.id() + ": " + String.valueOf(verdict).lines().findFirst());
        Found found = assertInstanceOf(Found.class, verdict, verdict + ": " + mutant.mistake());
        Figures.record("planted bug " + mutant.id() + ": first seed", found.seed());
    }
}
