package dev.holdfast.engine.view;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/// The commits that open snapshots read at: what they see is not dropped.
///
/// Invariants:
/// 1. Nothing that a reader at a pinned commit sees is dropped or combined with what is newer, as
///    whoever drops asks for [#bound] first.
/// 2. Pins are few, and each ends by itself.
///
/// Thread-safe.
public final class SnapshotPins {
    private final Env env;
    private final int pinsMax;

    // Guarded by this.
    private final Set<Pin> pins = new LinkedHashSet<>();
    private long wholeFrom;

    /// @param wholeFrom below it, versions may have been dropped already
    /// @param pinsMax how many there may be at once
    public SnapshotPins(Env env, long wholeFrom, int pinsMax) {
        this.env = env;
        this.wholeFrom = wholeFrom;
        this.pinsMax = pinsMax;
    }

    /// One commit that is kept readable, until it is let go or its time is up.
    public final class Pin implements AutoCloseable {
        private final String name;
        private final long seq;
        private final long sinceNanos = env.nanoTime();
        private final Deadline end;

        private Pin(String name, long seq, Duration lifetime) {
            this.name = name;
            this.seq = seq;
            end = Deadline.after(env, lifetime);
        }

        /// The commit.
        public long seq() {
            return seq;
        }

        /// True once the commit may no longer be readable.
        public boolean hasEnded() {
            return end.isExpired();
        }

        /// How long it still holds.
        public Duration remaining() {
            return end.remaining();
        }

        @Override
        public void close() {
            letGo(this);
        }
    }

    /// Keeps the newest commit readable for `lifetime`. `applied` tells which that is. Throws
    /// `Unavailable` if there are too many pins.
    public synchronized Pin pinNewest(String name, LongSupplier applied, Duration lifetime) {
        return added(new Pin(name, applied.getAsLong(), lifetime));
    }

    /// Keeps commit `seq`, which is past, readable for `lifetime`. Throws `Invalid` if what it sees
    /// may have been dropped, `Unavailable` if there are too many pins.
    public synchronized Pin pinPast(String name, long seq, Duration lifetime) {
        if (seq < wholeFrom)
            throw new Invalid(
                    "history begins later. seq=`%d`, from=`%d`".formatted(seq, wholeFrom), null);
        return added(new Pin(name, seq, lifetime));
    }

    private Pin added(Pin pin) {
        dropEnded();
        if (pinsMax <= pins.size())
            throw new Unavailable("too many snapshots open. max=`" + pinsMax + "`", null);
        pins.add(pin);
        return pin;
    }

    private synchronized void letGo(Pin pin) {
        pins.remove(pin);
    }

    private void dropEnded() {
        pins.removeIf(Pin::hasEnded);
    }

    /// Versions that only readers below the returned number see may be dropped from now on; it is
    /// not above `seq`.
    public synchronized long bound(long seq) {
        dropEnded();
        long bound = seq;
        for (Pin pin : pins) bound = Math.min(bound, pin.seq);
        wholeFrom = Math.max(wholeFrom, bound);
        return bound;
    }

    /// How many there are, and what the oldest is.
    public synchronized DbStats.Snapshots figures() {
        dropEnded();
        return pins.stream()
                .min(Comparator.comparingLong(Pin::seq))
                .map(oldest ->
                        new DbStats.Snapshots(
                                pins.size(),
                                oldest.seq,
                                env.nanoTime() - oldest.sinceNanos,
                                oldest.name))
                .orElse(DbStats.Snapshots.NONE);
    }
}
