package dev.holdfast.simulation;

import dev.holdfast.base.Env;
import java.util.ArrayList;
import java.util.List;

/// A machine of the simulated world: a set of threads that live, pause and die together.
///
/// Killed, its threads simply never run again, as after a SIGKILL: no `finally` runs, no lock is
/// given back. Paused, they run on later, as after a SIGSTOP.
public final class Node {
    private final String name;
    private final Scheduler scheduler;
    private final List<Strand> held = new ArrayList<>();
    private boolean isDead;
    private boolean isPaused;

    Node(String name, Scheduler scheduler) {
        this.name = name;
        this.scheduler = scheduler;
    }

    /// The world as code on this node sees it.
    public Env env() {
        return new NodeEnv(this, scheduler);
    }

    /// Ends it at this very point.
    public void kill() {
        scheduler.trace("kill " + name);
        isDead = true;
        held.clear();
    }

    /// Keeps its threads from running.
    public void pause() {
        scheduler.trace("pause " + name);
        isPaused = true;
    }

    /// Lets them run on.
    public void resume() {
        scheduler.trace("resume " + name);
        isPaused = false;
        held.forEach(scheduler::makeReady);
        held.clear();
    }

    /// What it is called.
    public String name() {
        return name;
    }

    boolean isDead() {
        return isDead;
    }

    /// True if `strand` may run now; if not, it is kept for later, or for never.
    boolean lets(Strand strand) {
        if (isDead) return false;
        if (isPaused) held.add(strand);
        return !isPaused;
    }
}
