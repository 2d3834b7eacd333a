package dev.holdfast.engine.write;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats.Waits;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// The wait of a new table for the compactor, while there are many in the manifest's L0, or in that
/// of one segment.
///
/// Nobody waits for long, nor for a compactor that does not work. Thread-safe.
final class PlaceInL0 {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Env env;
    private final LiveManifest live;
    private final Backlog backlog;
    private final Ending ending;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint change;
    private volatile int tablesMax = Integer.MAX_VALUE;
    private volatile BooleanSupplier isCompacting = () -> false;
    private volatile boolean isStopping;
    private Waits waits = Waits.NONE; // guarded by `guard`

    PlaceInL0(WriteParts parts, LiveManifest live) {
        env = parts.env();
        backlog = parts.backlog();
        ending = parts.ending();
        this.live = live;
        change = new WaitPoint(guard, WaitKind.CAPACITY, "a place in L0", "compactor");
        ending.listen(this::wake);
        live.onChange(this::wake);
    }

    /// With so many L0 tables or more a new one waits a while for the compactor, if it is at work
    /// and memory is not short, so that reads do not drown in tables; then it is published all the
    /// same, and writers are slowed down.
    void limit(int tables, BooleanSupplier isAtWork) {
        isCompacting = isAtWork;
        tablesMax = tables;
        backlog.pace().crowdedBy(this::crowding);
    }

    // By what part of its limit L0 exceeds it, while somebody is at work to change that.
    private double crowding() {
        int over = -places();
        return 0 < over && isCompacting.getAsBoolean() ? over / (double) tablesMax : 0;
    }

    /// How many tables find a place now; negative if there are too many already.
    int places() {
        Manifest manifest = live.current().manifest();
        int tables = manifest.l0().size();
        for (Segment each : manifest.segments()) tables = Math.max(tables, each.l0().size());
        return tablesMax - tables;
    }

    /// Waits for a place, not for ever.
    void await(Token own) throws InterruptedException {
        guard.lock();
        try {
            if (isThere() || backlog.isHigh()) return;
            long start = env.nanoTime();
            Deadline patience = Deadline.after(env, PATIENCE);
            change.await(
                    () -> isThere() || backlog.isHigh() || isStopping || ending.isReached(),
                    patience,
                    own);
            waits = new Waits(waits.count() + 1, waits.nanos() + env.nanoTime() - start);
        } finally {
            guard.unlock();
        }
    }

    private boolean isThere() {
        return 0 < places() || !isCompacting.getAsBoolean();
    }

    /// Nobody waits any more.
    void stop() {
        isStopping = true;
        wake();
    }

    /// More waits to become tables than before: memory may be short now.
    void lookAgain() {
        wake();
    }

    private void wake() {
        guard.lock();
        try {
            change.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// The waits so far.
    Waits waits() {
        guard.lock();
        try {
            return waits;
        } finally {
            guard.unlock();
        }
    }
}
