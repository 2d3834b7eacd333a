package dev.holdfast.lifecycle.matrix;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Kernel;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.gate.Offer;
import dev.holdfast.lifecycle.gate.Pass;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The behaviours of the matrix, spelled out: what each prepares while all is well, and what it
/// does when its moment has come.
final class Misdeeds {
    private static final Duration LONG = Duration.ofHours(1);
    private static final int SPINNERS = 8;
    private static final int CARRIERS = 2;
    private static final List<Object> HOARD = new ArrayList<>();

    private final Cell cell;
    private final Kernel kernel;
    private final Object monitor = new Object();
    private final ReentrantLock lock = new ReentrantLock();
    private final Mailbox<String> full = new Mailbox<>("full", 1, "left", "right");
    private final AtomicInteger spinning = new AtomicInteger();
    private volatile boolean hasBegun;
    private volatile boolean isTaken;

    Misdeeds(Cell cell, Kernel kernel) {
        this.cell = cell;
        this.kernel = kernel;
    }

    /// Forks what the misdeed will need.
    void prepare(Place place) {
        switch (cell.behaviour()) {
            case LOCK_AND_QUEUE_IN_A_CIRCLE -> {
                place.fork("left", () -> onceBegun(place, this::putUnderTheLock));
                place.fork("right", () -> onceBegun(place, this::takeUnderTheLock));
            }
            case HOLDS_A_MONITOR ->
                    place.fork("keeper", () -> onceBegun(place, this::keepTheMonitor));
            case STARVES_EVERY_CARRIER -> {
                for (int i = 0; i < SPINNERS; i++)
                    place.fork("spinner" + i, () -> onceBegun(place, this::spin));
            }
            case ENDS_WHILE_OTHERS_WAIT -> place.fork("oracle", () -> onceBegun(place, () -> {}));
            case HANGS_IN_NATIVE_CODE -> NativeCalls.prepare();
            case EXITS_FROM_A_SHUTDOWN_HOOK ->
                    Runtime.getRuntime()
                            .addShutdownHook(new Thread(() -> Runtime.getRuntime().exit(4)));
            default -> {}
        }
    }

    private void onceBegun(Place place, Runnable body) {
        while (!hasBegun && !place.token().isCancelled()) LockSupport.parkNanos(1_000_000);
        if (hasBegun) body.run();
    }

    /// Announces the misdeed and does it, in the order that makes the cell's outcome certain.
    void announceAndDo(Place place) throws InterruptedException {
        switch (cell.behaviour()) {
            case STARVES_EVERY_CARRIER -> Announcement.once(() -> CARRIERS <= spinning.get());
            case EATS_ALL_MEMORY -> eat();
            default -> {
                boolean isInTask = place.moment() == Moment.RUNNING;
                if (isInTask && cell.behaviour().waitsForTheStop()) {
                    doInTask(place);
                    return;
                }
            }
        }
        if (cell.behaviour() != Behaviour.STARVES_EVERY_CARRIER) Announcement.now();
        if (cell.behaviour().waitsForTheStop()) awaitStop(place);
        misbehave(place);
    }

    // What throws or exits brings the stop about by itself.
    private void doInTask(Place place) throws InterruptedException {
        boolean isLoud =
                switch (cell.behaviour().kind()) {
                    case THROWS, EXITS -> true;
                    case CALM, LEAKS, HEEDS, HANGS, HANGS_WITH_TASKS -> false;
                };
        if (isLoud) Announcement.once(kernel::isStopAsked);
        else if (cell.behaviour() == Behaviour.FORKS_IN_DRAIN) Announcement.now();
        misbehave(place);
        Announcement.now();
    }

    private void awaitStop(Place place) {
        while (!kernel.isStopAsked()) LockSupport.parkNanos(1_000_000);
        if (place.moment() == Moment.BUILDING) return;
        while (!place.token().isStopping()) LockSupport.parkNanos(1_000_000);
    }

    private void misbehave(Place place) throws InterruptedException {
        hasBegun = true;
        switch (cell.behaviour()) {
            case BEHAVES, HAS_A_CHILD_SCOPE_THAT_HANGS -> {}
            case IS_SLOW_WITHIN_ITS_SLICE -> dawdle(place);
            case FORKS_IN_DRAIN -> forkInDrain(place);
            case CLOSES_TWICE -> closeTwice(place);
            case STOPS_ITSELF -> place.stopScope();
            case ENDS_WHILE_OTHERS_WAIT -> awaitTheOracle(place);
            case LEAKS_A_PASS -> place.gate().enter("client", "leaked work");
            case HANGS_FOR_A_TOKEN -> place.token().pause(LONG);
            case HANGS_INTERRUPTIBLY -> new CountDownLatch(1).await();
            case LOCK_AND_QUEUE_IN_A_CIRCLE, EATS_ALL_MEMORY, HANGS_DEAF -> hang(LONG);
            case STARVES_EVERY_CARRIER, HANGS_SPINNING -> spin();
            case HANGS_IN_NATIVE_CODE -> NativeCalls.waitForEver();
            case IS_SLOW_BEYOND_ITS_SLICE -> hang(cell.budget().plusSeconds(3));
            case FILLS_STANDARD_OUTPUT -> fill(System.out);
            case FILLS_STANDARD_ERROR -> fill(System.err);
            case HOLDS_A_MONITOR -> enterTheMonitor();
            case THROWS_CHECKED -> sneak(new Exception("broken, checked"));
            case THROWS_UNCHECKED -> throw new IllegalStateException("broken");
            case THROWS_AN_ERROR -> throw new LinkageError("broken for good");
            case OVERFLOWS_ITS_STACK -> recurse(place, 0);
            case RUNS_OUT_OF_MEMORY -> HOARD.add(new long[Integer.MAX_VALUE / 2]);
            case CALLS_SYSTEM_EXIT, EXITS_FROM_A_SHUTDOWN_HOOK -> System.exit(3);
        }
    }

    private static void dawdle(Place place) {
        Deadline over = Deadline.after(Env.system(), Duration.ofMillis(150));
        while (!over.isExpired() && 60 < place.deadline().remaining().toMillis()) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    /// The kernel refuses a task once a stop has begun; who is inside a gate may bring others.
    private static void forkInDrain(Place place) throws InterruptedException {
        Pass pass = place.gate().enter("client", "work");
        Thread more = pass.fork(Env.system(), "more work", () -> LockSupport.parkNanos(1_000_000));
        pass.close();
        more.join(); // in a phase after which nobody drains, a slow machine would make it a leak
        if (place.moment() == Moment.BUILDING) return;
        while (!place.token().isStopping()) LockSupport.parkNanos(1_000_000);
        try {
            place.fork("late", () -> {});
        } catch (StopException refused) {
            return;
        }
        throw new AssertionError("a task was forked while draining");
    }

    private static void closeTwice(Place place) {
        Pass pass = place.gate().enter("client", "work");
        pass.close();
        pass.close();
        place.gate().close();
        place.gate().close();
        var mailbox = new Mailbox<String>("twice", 1, "culprit", "culprit");
        mailbox.seal("once");
        mailbox.seal("twice");
        if (mailbox.offer("late") != Offer.SEALED) throw new AssertionError("was not sealed");
        if (!place.gate().isEmpty()) throw new AssertionError("was not left");
    }

    private static void awaitTheOracle(Place place) throws InterruptedException {
        var own = new ReentrantLock();
        var answer = new WaitPoint(own, WaitKind.OTHER, "an answer", "oracle");
        own.lock();
        try {
            WaitResult result =
                    answer.await(() -> false, Deadline.after(Env.system(), LONG), place.token());
            boolean isToldToEnd = result == WaitResult.CANCELLED && place.token().isCancelled();
            if (result != WaitResult.WAKER_GONE && !isToldToEnd) {
                throw new AssertionError("the oracle has gone, and the wait came to " + result);
            }
        } finally {
            own.unlock();
        }
    }

    // A plain lock and a token that nobody cancels: the kernel can only watch this deadlock.
    private void putUnderTheLock() {
        lock.lock();
        isTaken = true;
        full.offer("first");
        try {
            Deadline never = Deadline.after(Env.system(), LONG);
            full.put("second", never, Token.standalone(Env.system()));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void takeUnderTheLock() {
        while (!isTaken) LockSupport.parkNanos(1_000_000);
        lock.lock();
        full.poll();
    }

    private void keepTheMonitor() {
        synchronized (monitor) {
            isTaken = true;
            hang(LONG);
        }
    }

    private void enterTheMonitor() {
        while (!isTaken) LockSupport.parkNanos(1_000_000);
        synchronized (monitor) {
            throw new AssertionError("the keeper keeps it");
        }
    }

    private static void hang(Duration duration) {
        long from = System.nanoTime();
        while (System.nanoTime() - from < duration.toNanos()) {
            LockSupport.parkNanos(1_000_000_000);
            boolean _ = Thread.interrupted();
        }
    }

    private void spin() {
        spinning.incrementAndGet();
        long sum = 0;
        while (sum != -1) sum = Math.abs(sum + 1);
    }

    private static void fill(PrintStream out) {
        String line = "x".repeat(1_000);
        while (true) out.println(line);
    }

    private static void eat() {
        for (int size = 1 << 20; 1 << 10 <= size; size /= 4) {
            try {
                while (true) HOARD.add(new byte[size]);
            } catch (OutOfMemoryError full) {
                continue; // with smaller bites
            }
        }
    }

    private static long recurse(Place place, long depth) {
        try (Pass _ = place.gate().enter("client", "recursion")) {
            return recurse(place, depth + 1) + depth;
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable checked) throws E {
        throw (E) checked;
    }
}
