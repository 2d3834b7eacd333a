package dev.holdfast.simulation.mutant;

import dev.holdfast.simulation.mutant.Mutant.Histories;
import dev.holdfast.simulation.mutant.Mutant.Tests;
import dev.holdfast.simulation.mutant.Verdict.Broken;
import dev.holdfast.simulation.mutant.Verdict.Found;
import dev.holdfast.simulation.mutant.Verdict.Survived;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Puts one mutant under its proof, in a class loader and on a thread of its own. A trial that does
/// not end in time is left behind with its threads.
final class Trial {
    // Held, or the setting would be lost with the logger: mutants complain by the thousand.
    private static final Logger LOG = Logger.getLogger("dev.holdfast");

    private final Mutant mutant;
    private final Map<String, byte[]> edited;
    private final MutantLoader loader;

    private Trial(Mutant mutant) {
        this.mutant = mutant;
        edited = Compiler.compile(mutant.edits());
        loader = new MutantLoader(edited);
        LOG.setLevel(Level.OFF);
    }

    /// Runs the tests that must find the mutant.
    static Verdict ofTests(Mutant mutant) {
        if (!(mutant.proof() instanceof Tests tests)) throw new IllegalArgumentException();
        try {
            var trial = new Trial(mutant);
            var run = new TestRun(trial.loader, tests.classes(), mutant.proves());
            ChildClasses.leave(mutant.id(), trial.edited);
            Verdict late = new Found("did not end in " + tests.patience(), -1);
            return trial.within(tests.patience(), run::verdict, late);
        } catch (IllegalStateException unfit) {
            return new Broken(unfit.getMessage());
        }
    }

    /// Runs up to `count` histories from `firstSeed` on, until one fails that does not fail in the
    /// real code.
    static Verdict ofHistories(Mutant mutant, long firstSeed, long count, Duration patience) {
        if (!(mutant.proof() instanceof Histories histories)) throw new IllegalArgumentException();
        try {
            var trial = new Trial(mutant);
            var control = new Trial(mutant.control());
            boolean isControl = mutant.edits().isEmpty();
            Search search =
                    () -> {
                        Teller real = new Teller(control.loader, histories.type());
                        Teller planted = new Teller(trial.loader, histories.type());
                        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
                            if (Thread.currentThread().isInterrupted()) break;
                            String fault = planted.faultAt(seed);
                            if (fault.isEmpty()) continue;
                            if (isControl || real.faultAt(seed).isEmpty())
                                return new Found(fault, seed);
                        }
                        return new Survived();
                    };
            return trial.within(patience, search, new Survived());
        } catch (IllegalStateException unfit) {
            return new Broken(unfit.getMessage());
        }
    }

    private interface Search {
        Verdict run() throws ReflectiveOperationException;
    }

    private Verdict within(Duration patience, Search search, Verdict late) {
        var verdict = new CompletableFuture<Verdict>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("trial of " + mutant.id())
                        .unstarted(() -> {
                            try {
                                verdict.complete(search.run());
                            } catch (Throwable error) { // whatever it is, it must be told
                                verdict.completeExceptionally(error);
                            }
                        });
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            return verdict.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLate) {
            thread.interrupt();
            return late;
        } catch (ExecutionException broken) {
            return new Broken(String.valueOf(broken.getCause()));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
