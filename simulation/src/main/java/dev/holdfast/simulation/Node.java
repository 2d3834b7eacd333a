package dev.holdfast.simulation;

import dev.holdfast.base.Env;
import dev.holdfast.simulation.schedule.Machine;
import dev.holdfast.simulation.schedule.Scheduler;
import java.time.Duration;

/// A machine of the simulated world: a set of threads that live, pause and die together.
///
/// Killed, its threads simply never run again, as after a SIGKILL: no `finally` runs, no lock is
/// given back. Paused, they run on later, as after a SIGSTOP.
public final class Node {
    private final Machine machine;
    private final Scheduler scheduler;

    Node(Machine machine, Scheduler scheduler) {
        this.machine = machine;
        this.scheduler = scheduler;
    }

    /// The world as code on this node sees it.
    public Env env() {
        return new NodeEnv(machine, scheduler);
    }

    /// Ends it at this very point.
    public void kill() {
        machine.kill();
    }

    /// Keeps its threads from running.
    public void pause() {
        machine.pause();
    }

    /// Lets them run on.
    public void resume() {
        machine.resume();
    }

    /// Sets its wall clock off by `skew`, on top of the world's own.
    public void skewClock(Duration skew) {
        machine.skewBy(skew.toNanos());
    }

    /// True once it was killed.
    public boolean isDead() {
        return machine.isDead();
    }

    /// What it is called.
    public String name() {
        return machine.name();
    }
}
