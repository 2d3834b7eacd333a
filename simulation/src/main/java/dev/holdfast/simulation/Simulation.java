package dev.holdfast.simulation;

import dev.holdfast.base.Env;
import dev.holdfast.simulation.agent.Agent;
import dev.holdfast.simulation.schedule.Chooser;
import dev.holdfast.simulation.schedule.Scheduler;
import dev.holdfast.simulation.schedule.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of a simulated world, decided by a seed alone.
///
/// Code runs in it unchanged, in blocking style. Everything happens on the thread that made the
/// simulation, inside [#run]. The same seed and the same code give the same [#hash], in every JVM.
public final class Simulation {
    private static final int LINES_SHOWN = 8; // before the first difference of two tellings

    private final long seed;
    private final Scheduler scheduler;
    private final Map<String, Long> reached = new TreeMap<>();

    /// A run in which threads switch only where they wait.
    public Simulation(long seed) {
        this(seed, Setup.PLAIN);
    }

    public Simulation(long seed, Setup setup) {
        this(seed, setup.chooser(seed));
    }

    /// A run whose order `chooser` decides; everything else is decided by the seed.
    public Simulation(long seed, Chooser chooser) {
        String missing = missing();
        if (missing != null) throw new IllegalStateException(missing);
        String broken = Agent.brokenOn();
        if (broken != null) throw new AssertionError("the agent failed on " + broken);
        this.seed = seed;
        scheduler = new Scheduler(seed, chooser);
    }

    /// What this JVM lacks to run simulations; null if nothing.
    public static @Nullable String missing() {
        if (Runtime.version().feature() != Agent.JDK) {
            return "the simulator knows JDK " + Agent.JDK + " alone, this is " + Runtime.version();
        }
        return Agent.isInstalled()
                ? null
                : "the simulator needs -javaagent:simulation/target/holdfast-simulation-agent.jar";
    }

    /// Runs `history` twice with one seed, and throws [AssertionError] if the second run was not
    /// the same as the first, with the first line in which they differ, turns of threads included.
    /// Returns the second run.
    public static Simulation twice(long seed, Consumer<Simulation> history) {
        return twice(seed, Setup.PLAIN, history);
    }

    /// Like [#twice(long, Consumer)], with a setup.
    public static Simulation twice(long seed, Setup setup, Consumer<Simulation> history) {
        Simulation first = told(seed, setup, history);
        Simulation second = told(seed, setup, history);
        if (first.hash() == second.hash()) return second;
        throw new AssertionError(
                "the same seed gave two histories. seed="
                        + seed
                        + "\n"
                        + firstDifference(first.lines(), second.lines()));
    }

    private static Simulation told(long seed, Setup setup, Consumer<Simulation> history) {
        var simulation = new Simulation(seed, setup);
        simulation.keepLines();
        history.accept(simulation);
        return simulation;
    }

    private static String firstDifference(List<Trace.Line> first, List<Trace.Line> second) {
        int common = Math.min(first.size(), second.size());
        int at = 0;
        while (at < common && first.get(at).equals(second.get(at))) at++;
        StringBuilder before = new StringBuilder();
        for (Trace.Line line : first.subList(Math.max(0, at - LINES_SHOWN), at))
            before.append("%n         %s".formatted(line));
        return "line %d%s%n first:  %s%n second: %s"
                .formatted(
                        at,
                        before,
                        at < first.size() ? first.get(at) : "had ended",
                        at < second.size() ? second.get(at) : "had ended");
    }

    /// A new machine.
    public Node node(String name) {
        return new Node(scheduler.machine(name), scheduler);
    }

    /// The world outside every machine, which is never killed: for whoever directs the run.
    public Env world() {
        return new NodeEnv(scheduler.world(), scheduler);
    }

    /// Runs until everyone has ended, or `limit` of virtual time has passed. Throws
    /// [AssertionError] if something escaped the simulation, or waits for nobody.
    public void run(Duration limit) {
        scheduler.runUntil(scheduler.nowNanos() + limit.toNanos());
        List<String> escapes = scheduler.escapes();
        if (!escapes.isEmpty()) {
            throw new AssertionError("seed=" + seed + ": " + String.join("\n", escapes));
        }
    }

    /// A number below `bound`, from the seed.
    public int chance(int bound) {
        return (int) Long.remainderUnsigned(scheduler.randomLong(), bound);
    }

    /// Sets the wall clock of the whole world off by `skew`: a fault, and part of the trace.
    public void skewClocks(Duration skew) {
        scheduler.world().skewBy(skew.toNanos());
    }

    /// Notes that something worth testing happened: see [Sometimes].
    public void reached(String what) {
        reached.merge(what, 1L, Long::sum);
    }

    /// How often each was [#reached].
    public Map<String, Long> reached() {
        return Map.copyOf(reached);
    }

    /// Adds `what` to the trace.
    public void trace(String what) {
        scheduler.trace(what);
    }

    /// Keeps the trace as lines from now on, not only as a hash.
    public void keepLines() {
        scheduler.trace().keepLines();
    }

    /// The trace since [#keepLines].
    public List<Trace.Line> lines() {
        return scheduler.trace().lines();
    }

    /// Who ran when, and everything traced, as one number.
    public long hash() {
        return scheduler.trace().hash();
    }

    /// How often a thread was given its turn.
    public long steps() {
        return scheduler.steps();
    }

    /// How much virtual time has passed.
    public Duration elapsed() {
        return Duration.ofNanos(scheduler.nowNanos());
    }

    /// What decides the run.
    public long seed() {
        return seed;
    }
}
