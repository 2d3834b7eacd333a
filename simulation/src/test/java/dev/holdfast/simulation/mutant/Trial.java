package dev.holdfast.simulation.mutant;

import dev.holdfast.simulation.mutant.Mutant.Histories;
import dev.holdfast.simulation.mutant.Mutant.Tests;
import dev.holdfast.simulation.mutant.Verdict.Broken;
import dev.holdfast.simulation.mutant.Verdict.Found;
import dev.holdfast.simulation.mutant.Verdict.Survived;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
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

    /// Runs up to `count` histories from `firstSeed` on, until one fails.
    static Verdict ofHistories(Mutant mutant, long firstSeed, long count, Duration patience) {
        if (!(mutant.proof() instanceof Histories histories)) throw new IllegalArgumentException();
        try {
            var trial = new Trial(mutant);
            Search search = () -> trial.search(histories.type(), firstSeed, count);
            return trial.within(patience, search, new Survived());
        } catch (IllegalStateException unfit) {
            return new Broken(unfit.getMessage());
        }
    }

    private Verdict search(String type, long firstSeed, long count)
            throws ReflectiveOperationException {
        var made = loader.loadClass(type).getDeclaredConstructor();
        made.setAccessible(true);
        Object history = made.newInstance();
        Class<?> world = loader.loadClass("dev.holdfast.simulation.Simulation");
        var newWorld = world.getConstructor(long.class);
        Method run = history.getClass().getMethod("run", world);
        run.setAccessible(true);
        for (long each = firstSeed; each < firstSeed + count; each++) {
            if (Thread.currentThread().isInterrupted()) return new Survived();
            long seed = each;
            String fault = faultOf(() -> run.invoke(history, newWorld.newInstance(seed)));
            if (!fault.isEmpty()) return new Found(fault, seed);
        }
        return new Survived();
    }

    private interface Deed {
        void perform() throws ReflectiveOperationException;
    }

    // An invariant that the code asserts itself has found it too.
    private static String faultOf(Deed deed) throws ReflectiveOperationException {
        try {
            deed.perform();
            return "";
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof AssertionError failed) return String.valueOf(failed);
            throw thrown;
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
