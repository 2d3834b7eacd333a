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
    private long skewNanos;

    Machine(String name, Scheduler scheduler) {
        this.name = name;
        this.scheduler = scheduler;
    }

    /// Ends it at this very point: its threads never run again.
    public void kill() {
        scheduler.trace("kill " + name);
        isDead = true;
        held.clear();
        scheduler.bury(this);
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

    /// Sets its wall clock off by `nanos`, from the true time or what the whole world takes for it.
    public void skewBy(long nanos) {
        scheduler.trace("clock of " + name + " off by " + nanos);
        skewNanos = nanos;
    }

    /// How far its wall clock is off.
    public long skewNanos() {
        return skewNanos;
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
