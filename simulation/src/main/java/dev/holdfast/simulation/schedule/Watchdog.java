package dev.holdfast.simulation.schedule;

import dev.holdfast.base.Adapter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Looks in real time after runs whose present step does not end: it prints where they are and
/// makes them fail; if even that does not help, it ends the JVM, because nothing else can.
///
/// One thread serves every run of the JVM. `-Dsimulation.step.seconds` says how long a step may
/// take.
@Adapter("a thread under the real clock, since the simulated one stands still")
final class Watchdog {
    static final int EXIT_CODE = 70;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long STEP_NANOS_MAX =
            Long.getLong("simulation.step.seconds", 30) * NANOS_PER_SECOND;
    private static final long LOOK_NANOS = Math.min(NANOS_PER_SECOND, STEP_NANOS_MAX / 4);
    private static final Watchdog ONLY = new Watchdog();

    private final Set<Watched> runs = ConcurrentHashMap.newKeySet();

    private Watchdog() {
        Thread.ofPlatform().daemon().name("simulation-watchdog").start(this::look);
    }

    /// A run, and when it last moved.
    private static final class Watched {
        private final Scheduler run;
        private long steps = -1;
        private long since;
        private boolean isWarned;

        Watched(Scheduler run) {
            this.run = run;
        }
    }

    static Object watch(Scheduler run) {
        Watched watched = new Watched(run);
        ONLY.runs.add(watched);
        return watched;
    }

    static void forget(Object watched) {
        ONLY.runs.remove(watched);
    }

    private void look() {
        while (true) {
            LockSupport.parkNanos(LOOK_NANOS);
            for (Watched each : runs) lookAt(each);
        }
    }

    private void lookAt(Watched watched) {
        long now = System.nanoTime();
        long steps = watched.run.steps();
        if (steps != watched.steps) {
            watched.steps = steps;
            watched.since = now;
            watched.isWarned = false;
            return;
        }
        if (now - watched.since < STEP_NANOS_MAX) return;
        if (!watched.isWarned) {
            watched.isWarned = true;
            watched.since = now;
            watched.run.doom("a step does not end: " + watched.run.whereItIs());
        } else {
            System.err.println("simulation: a step can not be ended: " + watched.run.whereItIs());
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
