package dev.holdfast.simulation;

import dev.holdfast.base.Env;
import dev.holdfast.simulation.schedule.Scheduler;
import java.time.Duration;
import java.util.List;

/// One run of a simulated world, decided by a seed alone.
///
/// Code runs in it unchanged if it takes time, randomness and threads from [Env] and waits through
/// the kernel. Everything happens on the thread that made the simulation, inside [#run]. The same
/// seed and the same code give the same [#hash].
public final class Simulation {
    private final long seed;
    private final Scheduler scheduler;

    public Simulation(long seed) {
        this.seed = seed;
        scheduler = new Scheduler(seed);
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
        if (!escapes.isEmpty()) throw new AssertionError("seed=" + seed + ": " + escapes);
    }

    /// A number below `bound`, from the seed.
    public int chance(int bound) {
        return (int) Long.remainderUnsigned(scheduler.randomLong(), bound);
    }

    /// Adds `what` to the hash.
    public void trace(String what) {
        scheduler.trace(what);
    }

    /// Who ran when, and everything traced, as one number.
    public long hash() {
        return scheduler.hash();
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
