package dev.holdfast.simulation.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.mutant.Mutant.Histories;
import dev.holdfast.simulation.mutant.Mutant.Tests;
import dev.holdfast.simulation.mutant.Verdict.Found;
import dev.holdfast.simulation.mutant.Verdict.Survived;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bugs planted into the local log: each is found, by tests or in histories, and nothing is found
/// without them.
class TierMutantsTest {
    private static final long SEEDS = 1_000;
    private static final long SEEDS_OF_THE_REAL_CODE = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static List<Mutant> mutants() {
        return TierMutants.all();
    }

    /// The real code under each proof, once.
    static Stream<Mutant> proofs() {
        var proofs = new LinkedHashMap<String, Mutant>();
        for (Mutant each : mutants()) {
            Mutant control = each.control();
            if (control.proof() instanceof Histories) control = control.foundIn(LOCAL_LOG, 0);
            proofs.putIfAbsent(control.proves() + control.proof(), control);
        }
        return proofs.values().stream();
    }

    private static final String LOCAL_LOG = TierMutants.LOCAL_LOG;

    private static Verdict verdictOn(Mutant mutant, long seeds) {
        return switch (mutant.proof()) {
            case Tests _ -> Trial.ofTests(mutant);
            case Histories histories ->
                    Trial.ofHistories(mutant, histories.firstSeed(), seeds, PATIENCE);
        };
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void shouldBeFound(Mutant mutant) {
        Verdict verdict = verdictOn(mutant, SEEDS);
        assertInstanceOf(Found.class, verdict, () -> verdict + ": " + mutant.mistake());
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void shouldFindNothingInTheRealCode(Mutant control) {
        assertEquals(new Survived(), verdictOn(control, SEEDS_OF_THE_REAL_CODE));
    }

    @Test
    void shouldStandOnThePage() throws IOException {
        String page =
                Files.readString(House.resolve("docs/design/local-log.md"))
                        + Files.readString(House.resolve("docs/design/upload.md"))
                        + Files.readString(House.resolve("docs/design/local-tables.md"))
                        + Files.readString(House.resolve("docs/design/tier.md"));
        for (Mutant mutant : mutants()) {
            String row = "| `%s` | %s |".formatted(mutant.id(), mutant.mistake());
            assertTrue(page.contains(row), "not in the table: " + row);
        }
    }
}
