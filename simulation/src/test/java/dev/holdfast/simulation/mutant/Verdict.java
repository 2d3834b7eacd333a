package dev.holdfast.simulation.mutant;

/// What became of a trial.
sealed interface Verdict {
    /// Something failed, as it should in a mutant.
    ///
    /// @param seed of the history that failed; -1 where tests were run
    record Found(String how, long seed) implements Verdict {}

    /// Nothing failed.
    record Survived() implements Verdict {}

    /// The trial itself went wrong: it proves nothing.
    record Broken(String why) implements Verdict {}
}
