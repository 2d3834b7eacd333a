package dev.holdfast.engine.ship;

import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.wait.Token;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A shipment on its way, from its submission to its end.
///
/// Invariants:
/// 1. It ends once: DONE, FAILED or CANCELLED, and stays so.
/// 2. It is DONE only after all that must come before it, and after an attempt that returned.
///
/// Thread-safe. Fields are guarded by the scheduler's lock, but for `state`, which is only written
/// under it.
public final class Upload {
    /// Where it is.
    public enum State {
        /// Something else must be done first.
        BLOCKED,
        /// It waits for a slot, or for the store to take anything at all.
        READY,
        /// An attempt is under way.
        RUNNING,
        /// It waits for its next attempt.
        RESTING,
        /// The store has confirmed it.
        DONE,
        /// It ended without: [#failure] says why.
        FAILED,
        /// It is not wanted any more, or is left to the next start.
        CANCELLED;

        /// True for the last three.
        public boolean isOver() {
            return DONE.compareTo(this) <= 0;
        }
    }

    private final UploadScheduler scheduler;
    private final long id;
    private final Shipment shipment;
    private final long sinceNanos;

    private volatile State state = State.BLOCKED;
    final List<Upload> dependents = new ArrayList<>(); // fail with this one
    final List<Upload> followers = new ArrayList<>(); // come behind it, however it ends
    int blockers;
    int attempts;
    long nextAttemptNanos;
    boolean wasSlowedDown;
    @Nullable Throwable lastError;
    @Nullable Upload predecessor;

    Upload(UploadScheduler scheduler, long id, Shipment shipment, long sinceNanos) {
        this.scheduler = scheduler;
        this.id = id;
        this.shipment = shipment;
        this.sinceNanos = sinceNanos;
    }

    long id() {
        return id;
    }

    /// What it carries.
    public Shipment shipment() {
        return shipment;
    }

    /// Where it is now.
    public State state() {
        return state;
    }

    /// True once it has ended.
    public boolean isOver() {
        return state.isOver();
    }

    /// How many attempts were begun.
    public int attempts() {
        return scheduler.attemptsOf(this);
    }

    /// Why it has failed, or why its last attempt has; null if there is nothing to tell.
    public @Nullable Throwable failure() {
        return scheduler.failureOf(this);
    }

    /// Waits until it is done. Throws `Unavailable` at the deadline, as soon as the store refuses
    /// anything until a person acts, or if it was cancelled; what it failed with if it failed.
    public void await(Deadline deadline, Token token) throws InterruptedException {
        scheduler.await(this, deadline, token);
    }

    /// Waits until it has ended, however, or until the deadline. Returns where it is then.
    public State awaitEnd(Deadline deadline, Token token) throws InterruptedException {
        scheduler.awaitEnd(this, deadline, token);
        return state;
    }

    /// It is not wanted any more. An attempt that is under way goes on, and what comes of it counts
    /// no more.
    public void cancel() {
        scheduler.cancel(this);
    }

    /// Cancels it if no attempt was begun: true if there will never be one.
    public boolean cancelUntried() {
        return scheduler.cancelUntried(this);
    }

    void become(State next) {
        if (state.isOver()) throw new AssertionError(this + " ends twice, now " + next);
        state = next;
    }

    long ageNanos(long nowNanos) {
        return nowNanos - sinceNanos;
    }

    /// What it waits for, by name.
    List<String> blockedBy() {
        var names = new ArrayList<String>();
        for (Upload each : shipment.after()) if (!each.isOver()) names.add(each.shipment.name());
        Upload before = predecessor;
        if (before != null && !before.isOver()) names.add(before.shipment.name());
        return names;
    }

    Unavailable notDone(@Nullable Throwable why) {
        return new Unavailable(
                "not uploaded yet, may still become so. object=`%s`, state=`%s`, attempts=`%d`"
                        .formatted(shipment.name(), state, attempts),
                why);
    }

    @Override
    public String toString() {
        return shipment.kind() + " " + shipment.name() + " " + state;
    }
}
