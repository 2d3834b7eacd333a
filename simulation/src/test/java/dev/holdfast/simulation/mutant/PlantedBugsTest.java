package dev.holdfast.simulation.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.mutant.Mutant.Histories;
import dev.holdfast.simulation.mutant.Mutant.Tests;
import dev.holdfast.simulation.mutant.Verdict.Broken;
import dev.holdfast.simulation.mutant.Verdict.Found;
import dev.holdfast.simulation.mutant.Verdict.Survived;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bugs planted into the engine, each looked for from a seed at which it was found before. The long
/// suite looks for them from the first seed on. `-Dmutant.id=no-fence` looks for one of them.
class PlantedBugsTest {
    private static final long SEEDS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static List<Mutant> mutants() {
        return Stream.of(
                        EngineMutants.all(),
                        UpkeepMutants.all(),
                        RowMutants.all(),
                        ChangeMutants.all(),
                        CloneMutants.all(),
                        TransactionMutants.all())
                .flatMap(List::stream)
                .toList();
    }

    static Stream<Mutant> chosen() {
        String chosen = System.getProperty("mutant.id", ".*");
        return mutants().stream().filter(each -> each.id().matches(chosen));
    }

    /// The real code, once for each kind of history.
    static Stream<Mutant> histories() {
        return Stream.of(
                        EngineMutants.SWARM,
                        EngineMutants.CRASH_POINTS,
                        EngineMutants.NAMED_OBJECTS,
                        EngineMutants.COLLECTOR,
                        EngineMutants.LAGGING,
                        EngineMutants.OPENERS,
                        EngineMutants.STOP,
                        UpkeepMutants.UPKEEP,
                        UpkeepMutants.WORKERS,
                        ChangeMutants.CHANGES,
                        CloneMutants.CLONES,
                        TransactionMutants.TRANSACTIONS)
                .map(type -> Mutant.of("planted", "real code", "none").foundIn(type, 0));
    }

    @ParameterizedTest
    @MethodSource("chosen")
    void shouldBeFound(Mutant mutant) {
        Verdict verdict =
                switch (mutant.proof()) {
                    case Tests _ -> Trial.ofTests(mutant);
                    case Histories histories ->
                            Trial.ofHistories(mutant, histories.firstSeed(), SEEDS, PATIENCE);
                };
        assertInstanceOf(Found.class, verdict, () -> verdict + ": " + mutant.mistake());
    }

    @ParameterizedTest
    @MethodSource("histories")
    void shouldFindNothingInTheRealCode(Mutant control) {
        assertEquals(new Survived(), Trial.ofHistories(control, 0, 20, PATIENCE));
    }

    @Test
    void shouldStandInTheTableOfTheDocs() throws IOException {
        String page = Files.readString(House.resolve("docs/operating/testing.md"));
        for (Mutant mutant : mutants()) {
            String row =
                    switch (mutant.proof()) {
                        case Tests tests -> row(mutant, tests.classes().getFirst(), "-");
                        case Histories told ->
                                row(mutant, told.type(), String.valueOf(told.firstSeed()));
                    };
            assertTrue(page.contains(row), "not in the table: " + row);
        }
        long rows = page.lines().filter(line -> line.matches("\\| `.*` \\| [-\\d]+ \\|")).count();
        assertEquals(mutants().size(), rows);
    }

    private static String row(Mutant mutant, String type, String seed) {
        String where = type.substring(type.lastIndexOf('.') + 1);
        return "| `%s` | %s | `%s` | %s |".formatted(mutant.id(), mutant.mistake(), where, seed);
    }

    @Test
    void shouldRefuseAPlaceThatIsNotThereExactlyOnce() {
        var edit = new Edit("any.Type", "a  b", "c");
        assertEquals("x c y", edit.applyTo("x a\n    b y"));
        assertThrows(IllegalStateException.class, () -> edit.applyTo("x y"));
        assertThrows(IllegalStateException.class, () -> edit.applyTo("a b a b"));
    }

    @Test
    void shouldProveNothingByAMutantThatDoesNotCompileOrRunsNoTest() {
        Mutant broken =
                Mutant.of("LIFE-14", "broken", "It does not compile.")
                        .replacing("base.Checks", "public final class Checks {", "public final {")
                        .foundBy("lifecycle.gate.GateTest");
        assertInstanceOf(Broken.class, Trial.ofTests(broken));
        Mutant untested = Mutant.of("LIFE-99", "untested", "").foundBy("lifecycle.gate.GateTest");
        assertInstanceOf(Broken.class, Trial.ofTests(untested));
        Mutant missing = Mutant.of("LIFE-14", "missing", "").foundBy("lifecycle.gate.NoSuchTest");
        assertInstanceOf(Broken.class, Trial.ofTests(missing));
    }
}
