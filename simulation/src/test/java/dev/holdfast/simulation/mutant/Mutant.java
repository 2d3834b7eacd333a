package dev.holdfast.simulation.mutant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One mistake, planted into the real code, and how it is to be found.
///
/// @param proves the invariant, incident or bug class whose tests must find it
/// @param mistake in a sentence, with its source in history if it has one
record Mutant(String id, String proves, String mistake, List<Edit> edits, Proof proof) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    Mutant {
        edits = List.copyOf(edits);
    }

    /// What has to fail in the mutant, and to pass in the real code.
    sealed interface Proof {}

    /// Tests that carry the tag [Mutant#proves].
    ///
    /// @param classes where they are, with their packages
    /// @param patience tests that take longer have found it: they wait for what never comes
    record Tests(List<String> classes, Duration patience) implements Proof {
        Tests {
            classes = List.copyOf(classes);
        }
    }

    /// Histories that a seed decides.
    ///
    /// @param type a [dev.holdfast.simulation.history.History]
    /// @param firstSeed where the search begins, to save time: a seed at which it was found before
    record Histories(String type, long firstSeed) implements Proof {}

    /// A mutant without edits, for [#replacing].
    static Mutant of(String proves, String id, String mistake) {
        return new Mutant(id, proves, mistake, List.of(), new Tests(List.of(), PATIENCE));
    }

    /// With one more edit.
    Mutant replacing(String type, String find, String replacement) {
        var more = new ArrayList<>(edits);
        more.add(new Edit("dev.holdfast." + type, find, replacement));
        return new Mutant(id, proves, mistake, more, proof);
    }

    /// Found by the tagged tests of these classes.
    Mutant foundBy(String... classes) {
        List<String> named = List.of(classes).stream().map("dev.holdfast."::concat).toList();
        return new Mutant(id, proves, mistake, edits, new Tests(named, PATIENCE));
    }

    /// Found by tests that need not be waited for longer than `patience`.
    Mutant within(Duration patience) {
        if (!(proof instanceof Tests tests)) throw new IllegalStateException("no tests: " + id);
        return new Mutant(id, proves, mistake, edits, new Tests(tests.classes, patience));
    }

    /// Found by one of the histories of `type`.
    Mutant foundIn(String type, long firstSeed) {
        var histories = new Histories("dev.holdfast." + type, firstSeed);
        return new Mutant(id, proves, mistake, edits, histories);
    }

    /// The real code, under the same proof.
    Mutant control() {
        return new Mutant("real code", proves, "none", List.of(), proof);
    }

    @Override
    public String toString() {
        return proves + " " + id;
    }
}
