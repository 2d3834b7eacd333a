package dev.holdfast.lifecycle.gate;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// The entrance to a component's work: knows everyone inside by name, and can be closed and waited
/// empty.
///
/// Invariants:
/// 1. After [#close] has returned nobody enters, except by [Pass#fork] from inside (LIFE-14).
/// 2. [#drain] says it is empty only when nobody is inside (LIFE-15).
///
/// Thread-safe. Entering and leaving take no lock; with a ticket they allocate nothing.
public final class Gate {
    private static final int PLACES_AT_FIRST = 16;
    private static final int PROBES = 32;

    // Who enters takes a place first and looks at `closed` second; close sets `closed` first and
    // drain looks at the places second. So either the one sees `closed` or the other sees the
    // place. Places are never removed, so a grown table holds all of the smaller one.
    private final String name;
    private final Token token;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint empty;
    private volatile Place[] places = newPlaces(new Place[0], PLACES_AT_FIRST);
    private final AtomicLong probes = new AtomicLong();
    private volatile boolean closed;
    private long drainsGivenUp; // guarded by `lock`

    /// @param token of the scope that the gate belongs to: refusals are in its name
    public Gate(String name, Token token) {
        this.name = name;
        this.token = token;
        empty = new WaitPoint(lock, WaitKind.GATE, name + " to be empty", "gate " + name);
    }

    /// Lets the calling thread in. Throws `StopException` (not applied) if the gate is closed.
    ///
    /// @param who in whose name, such as a client or a component
    /// @param doing the work, in a constant string
    public Pass enter(String who, String doing) {
        Place place = admit(who, doing);
        return new Pass(this, place, place.stay());
    }

    /// Like [#enter], for calls so short that a pass would weigh: the ticket is a number, to be
    /// given to [#leave(long)]. Who is inside with a ticket cannot fork.
    public long enterBriefly(String who, String doing) {
        return admit(who, doing).ticket();
    }

    /// Ends the stay that `ticket` was given for. A second time does nothing.
    public void leave(long ticket) {
        Place place = places[Place.numberOf(ticket)];
        if (place.leaveWith(ticket) && closed) signalIfEmpty();
    }

    private Place admit(String who, String doing) {
        Thread holder = Thread.currentThread();
        Place[] table = places;
        Place place = table[spread(holder.threadId()) & table.length - 1];
        if (!place.take(holder, who, doing)) place = takeElsewhere(holder, who, doing);
        long stay = place.stay(); // ours until we leave
        if (closed) throw refused(place, stay);
        return place;
    }

    private StopException refused(Place place, long stay) {
        leave(place, stay);
        return token.renewed().stopped(Certainty.NOT_APPLIED, name + " is closed");
    }

    // One thread may hold many passes, so its own corner being full says little: only when places
    // anywhere are hard to find is the table too small.
    private Place takeElsewhere(Thread holder, String who, String doing) {
        while (true) {
            Place[] table = places;
            for (int probe = 0; probe < PROBES; probe++) {
                Place place = table[spread(probes.incrementAndGet()) & table.length - 1];
                if (place.take(holder, who, doing)) return place;
            }
            grow(table);
        }
    }

    private static int spread(long number) {
        return (int) (number * 0x9E3779B97F4A7C15L >>> 40);
    }

    private void grow(Place[] seen) {
        lock.lock();
        try {
            if (places == seen) places = newPlaces(seen, seen.length * 2);
        } finally {
            lock.unlock();
        }
    }

    private static Place[] newPlaces(Place[] present, int length) {
        require(length <= Place.NUMBERS, "more than %d are inside", present.length);
        Place[] grown = new Place[length];
        System.arraycopy(present, 0, grown, 0, present.length);
        for (int i = present.length; i < length; i++) grown[i] = new Place(i);
        return grown;
    }

    Thread fork(Pass inside, Env env, String doing, Runnable body) {
        Place place = takeElsewhere(Thread.currentThread(), name, doing);
        Pass pass = new Pass(this, place, place.stay());
        if (inside.isOpen()) return handTo(pass, env, doing, body);
        pass.close();
        throw new IllegalStateException("only who is inside may fork");
    }

    Thread handTo(Pass pass, Env env, String doing, Runnable body) {
        boolean started = false;
        try {
            Thread thread = env.start(doing, () -> runInside(pass, body));
            started = true;
            return thread;
        } finally {
            if (!started) pass.close();
        }
    }

    private static void runInside(Pass pass, Runnable body) {
        pass.moveTo(Thread.currentThread());
        try (pass) {
            body.run();
        }
    }

    void leave(Place place, long stay) {
        if (place.leave(stay) && closed) signalIfEmpty();
    }

    private void signalIfEmpty() {
        lock.lock();
        try {
            empty.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody in from now on.
    public void close() {
        closed = true;
    }

    /// Lets people in again, after a stop was taken back.
    public void reopen() {
        closed = false;
    }

    /// True once it lets nobody in.
    public boolean isClosed() {
        return closed;
    }

    /// Closes the gate and waits until nobody is inside. Returns who still was when the deadline
    /// passed or the token was cancelled: nobody, if all left.
    public List<Holder> drain(Deadline deadline, Token until) throws InterruptedException {
        close();
        lock.lock();
        try {
            long before = drainsGivenUp;
            BooleanSupplier isOver = () -> isEmpty() || drainsGivenUp != before;
            WaitResult result = empty.await(isOver, deadline, until);
            if (drainsGivenUp != before) return holders();
            return result == WaitResult.SATISFIED ? List.of() : holders();
        } finally {
            lock.unlock();
        }
    }

    /// Like [#drain(Deadline, Token)] under the token of the gate's own scope.
    public List<Holder> drain(Deadline deadline) throws InterruptedException {
        return drain(deadline, token.renewed());
    }

    /// Ends the drains under way: they return who is still inside. The gate stays closed.
    public void giveUpDrain() {
        lock.lock();
        try {
            drainsGivenUp++;
            empty.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// True if nobody is inside at the moment.
    public boolean isEmpty() {
        // One look is not enough: a holder may fork into a place already looked at, and leave one
        // not yet looked at. Two equal looks mean that all places were free at once.
        long first = staysIfFree();
        return 0 <= first && staysIfFree() == first;
    }

    private long staysIfFree() {
        Place[] table = places;
        long sum = table.length;
        for (Place place : table) {
            long stay = place.stay();
            if ((stay & 1) != 0) return -1;
            sum += stay;
        }
        return sum;
    }

    /// Everyone inside at the moment.
    public List<Holder> holders() {
        List<Holder> holders = new ArrayList<>();
        for (Place place : places) {
            Holder holder = place.holder();
            if (holder != null) holders.add(holder);
        }
        return holders;
    }

    /// How many may be inside before the table of places grows at the latest.
    int capacity() {
        return places.length;
    }

    /// What it is called.
    public String name() {
        return name;
    }

    /// What its holders together are called as the wakers of those who drain it.
    public String asWaker() {
        return "gate " + name;
    }
}
