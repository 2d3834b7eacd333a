package dev.holdfast.simulation.schedule;

import java.util.ArrayList;
import java.util.List;

/// A set of threads that live, pause and die together.
public final class Machine {
    private final String name;
    private final Scheduler scheduler;
    private final List<Strand> held = new ArrayList<>();
    private boolean isDead;
    private boolean isPaused;

    Machine(String name, Scheduler scheduler) {
        this.name = name;
        this.scheduler = scheduler;
    }

    /// Ends it at this very point: its threads never run again.
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

    /// True once it was killed.
    public boolean isDead() {
        return isDead;
    }

    /// True if `strand` may run now; if not, it is kept for later, or for never.
    boolean lets(Strand strand) {
        if (isDead) return false;
        if (isPaused) held.add(strand);
        return !isPaused;
    }
}
