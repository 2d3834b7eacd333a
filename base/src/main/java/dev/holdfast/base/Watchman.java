package dev.holdfast.base;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Ends by time the waits of virtual threads, nearly all of which end otherwise and long before.
///
/// A virtual thread that parks for a time hands the JVM's timer a task and takes it back, which
/// wakes the timer's thread. Who has long to wait takes a place here instead and parks without a
/// time. One thread looks over all places now and then, and wakes whoever's time ends before it
/// looks again: that one parks with the timer for the rest. So no wait ends later than it would.
///
/// Invariants:
/// 1. Who parks takes a place before it reads when the next look is due, and a look writes when the
///    next is due before it reads the places: so one of the two sees the other.
/// 2. While nobody looks, everybody parks with the timer.
/// 3. The thread is there while anybody has a place, and ends soon after.
///
/// Places are bounded: who finds none parks with the timer. Thread-safe.
@Adapter("parks threads of the JVM, and goes on whatever the JVM throws")
final class Watchman {
    static final long PERIOD_NANOS = 500_000_000;

    private static final int PLACES = 1 << 14; // a power of two
    private static final int PROBES = 8;
    private static final int SPREAD = 0x9E3779B9; // Knuth's multiplicative hashing
    private static final long NANOS_MAX = Long.MAX_VALUE / 2;
    private static final int IDLE_LOOKS = 4; // before it ends

    private final AtomicReferenceArray<@Nullable Thread> places =
            new AtomicReferenceArray<>(PLACES);
    private final AtomicLongArray ends = new AtomicLongArray(PLACES); // nanoTime of who is there
    private final AtomicBoolean isThere = new AtomicBoolean();
    private final String name;
    private volatile boolean isLooking;
    private volatile long nextLook;

    /// @param name of the one thread that it starts, a daemon
    Watchman(String name) {
        this.name = name;
    }

    /// Parks the calling thread until it is unparked, interrupted, or `nanos` have passed, or for
    /// no reason at all, as [LockSupport#parkNanos(Object, long)] does.
    void park(Object blocker, long nanos) {
        Thread self = Thread.currentThread();
        int place = nanos <= PERIOD_NANOS || !self.isVirtual() ? -1 : placeFor(self);
        if (place < 0) {
            LockSupport.parkNanos(blocker, nanos);
            return;
        }
        try {
            parkAt(place, blocker, nanos);
        } finally {
            places.set(place, null);
        }
    }

    private void parkAt(int place, Object blocker, long nanos) {
        long now = System.nanoTime();
        long end = now + Math.min(nanos, NANOS_MAX);
        ends.set(place, end);
        boolean isLookedAfter = isLooking;
        long next = nextLook;
        if (isLookedAfter && now - next < 0 && next - end < 0) {
            LockSupport.park(blocker);
            return;
        }
        if (!isLookedAfter) call();
        LockSupport.parkNanos(blocker, nanos);
    }

    // Negative if there is none close to where this thread looks first.
    private int placeFor(Thread self) {
        int first = (int) self.threadId() * SPREAD;
        for (int i = 0; i < PROBES; i++) {
            int place = (first + i) & (PLACES - 1);
            if (places.get(place) == null && places.compareAndSet(place, null, self)) return place;
        }
        return -1;
    }

    private void call() {
        if (isThere.get() || !isThere.compareAndSet(false, true)) return;
        try {
            Thread.ofPlatform().daemon().name(name).start(this::watch);
        } catch (OutOfMemoryError full) { // no room for a thread: the timer does
            isThere.set(false);
        }
    }

    private void watch() {
        while (!hasLookedUntilNobodyIsThere()) LockSupport.parkNanos(this, PERIOD_NANOS);
        isThere.set(false);
        // Whoever thought a moment ago that somebody looks has a place by now.
        if (wakeThoseDue()) call();
    }

    // False if memory is short, say: whoever is there counts on this thread.
    private boolean hasLookedUntilNobodyIsThere() {
        try {
            for (int idle = 0; idle < IDLE_LOOKS; ) {
                nextLook = System.nanoTime() + PERIOD_NANOS;
                isLooking = true;
                idle = wakeThoseDue() ? 0 : idle + 1;
                LockSupport.parkNanos(this, PERIOD_NANOS);
            }
            isLooking = false;
            return true;
        } catch (Throwable any) { // whatever it is: others wait for this thread
            return false;
        }
    }

    // True if anybody is there.
    private boolean wakeThoseDue() {
        boolean isAnybodyThere = false;
        for (int place = 0; place < PLACES; place++) {
            Thread waiting = places.get(place);
            if (waiting == null) continue;
            isAnybodyThere = true;
            if (ends.get(place) - nextLook <= 0) LockSupport.unpark(waiting);
        }
        return isAnybodyThere;
    }
}
