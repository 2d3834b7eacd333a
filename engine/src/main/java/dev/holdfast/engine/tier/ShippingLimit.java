package dev.holdfast.engine.tier;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus.Exposure;
import dev.holdfast.engine.api.LocalStatus.HeldUp;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.engine.wal.RemoteWal;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// How far writers may be ahead of the object store: from half of the limit on each is held up for
/// moments, the longer the nearer the limit is; at the limit it waits.
///
/// Thread-safe. Who waits holds no lock, and its commit has no number yet.
final class ShippingLimit {
    private static final Duration SLOWED_MAX = Duration.ofMillis(100);
    private static final double FREE_MAX = 0.5; // of the limit: so far nobody is held up

    private final LocalSettings.Shipping settings;
    private final RemoteWal remote;
    private final Env env;
    private final Ending ending;
    private final Token token;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments
    private final WaitPoint room;
    private final LongAdder slowed = new LongAdder();
    private final LongAdder stopped = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private volatile boolean isOn;

    ShippingLimit(
            LocalSettings.Shipping settings,
            RemoteWal remote,
            Env env,
            Ending ending,
            Token token) {
        this.settings = settings;
        this.remote = remote;
        this.env = env;
        this.ending = ending;
        this.token = token;
        String waker = RemoteWal.NAME;
        room = new WaitPoint(guard, WaitKind.CAPACITY, "room for what is not shipped", waker);
        ending.listen(this::shipped);
    }

    /// Holds up from now on: what an earlier life left is taken over whatever the limit is.
    void begin() {
        isOn = true;
    }

    /// The object store has more than before.
    void shipped() {
        guard.lock();
        try {
            room.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// True if it holds no writer up now.
    boolean isFree() {
        return !isOn || pressure() <= FREE_MAX;
    }

    /// Holds a writer up as far as it must be. Throws `Unavailable` if there is no room until the
    /// deadline.
    void await(Deadline deadline) throws InterruptedException {
        double pressure = isOn ? pressure() : 0;
        if (pressure <= FREE_MAX) return;
        remote.hurry();
        long start = env.nanoTime();
        try {
            if (pressure < 1) slowDown(pressure, deadline);
            else stop(deadline);
        } finally {
            nanos.add(env.nanoTime() - start);
        }
    }

    // At 1 the limit is reached.
    private double pressure() {
        double ofBytes = (double) remote.unshippedBytes() / settings.bytesMax().bytes();
        if (settings.ageMax().isZero()) return ofBytes;
        double age = remote.unshippedAge().toNanos();
        return Math.max(ofBytes, age / settings.ageMax().toNanos());
    }

    private void slowDown(double pressure, Deadline deadline) throws InterruptedException {
        slowed.increment();
        long most = (long) (SLOWED_MAX.toNanos() * (2 * pressure - 1));
        Deadline until = deadline.atMost(Duration.ofNanos(most));
        guard.lock();
        try {
            room.await(() -> pressure() <= FREE_MAX || ending.isReached(), until, token);
        } finally {
            guard.unlock();
        }
    }

    private void stop(Deadline deadline) throws InterruptedException {
        stopped.increment();
        guard.lock();
        try {
            room.await(() -> pressure() < 1 || ending.isReached(), deadline, token);
            ending.check();
        } finally {
            guard.unlock();
        }
        if (1 <= pressure()) throw tooFarAhead();
    }

    private Unavailable tooFarAhead() {
        Exposure exposure = remote.exposure();
        return new Unavailable(
                ("backpressure: the object store is too far behind, nothing was committed."
                                + " bytes=`%d of %d`, age=`%s of %s`, oldest=`%s`")
                        .formatted(
                                exposure.bytes(),
                                settings.bytesMax().bytes(),
                                exposure.age(),
                                settings.ageMax(),
                                remote.whatBlocks()),
                null);
    }

    /// How often it held writers up, and how long.
    HeldUp heldUp() {
        return new HeldUp(slowed.sum(), stopped.sum(), Duration.ofNanos(nanos.sum()));
    }
}
