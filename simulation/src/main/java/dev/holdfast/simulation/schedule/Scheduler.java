package dev.holdfast.simulation.schedule;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Runs virtual threads one at a time on the thread that made it, in an order that a seed decides,
/// under a clock of its own.
///
/// It is a [ForkJoinPool] that never starts a worker, because JDK 25 asks a scheduler of that type
/// for timed parks too: so one class sees every continuation and every timer. Time moves a little
/// with every step, and jumps to the next timer when nobody can run.
public final class Scheduler extends ForkJoinPool {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int STEP_NANOS_MIN = 50;
    private static final int STEP_NANOS_SPREAD = 200;

    private final Thread carrier = Thread.currentThread();
    private final JdkThreads jdk = new JdkThreads();
    private final Thread.Builder.OfVirtual threads = jdk.builderFor(this);
    private final SplittableRandom order;
    private final SplittableRandom chance;
    private final Map<Runnable, Strand> strands = new IdentityHashMap<>();
    private final List<Strand> ready = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Machine world = new Machine("world", this);
    private final List<String> escapes = new ArrayList<>();
    private Machine current = world;
    private int strandCount;
    private long timerCount;
    private long steps;
    private long nowNanos;
    private long hash = FNV_OFFSET;

    /// Belongs to the calling thread.
    public Scheduler(long seed) {
        super(1);
        var root = new SplittableRandom(seed);
        order = root.split();
        chance = root.split();
    }

    /// Starts `body` on `machine`; whom it starts belongs to that machine too.
    public Thread start(Machine machine, String name, Runnable body) {
        Machine before = current;
        current = machine; // whoever is scheduled first while a machine is current belongs to it
        try {
            return threads.name(name).start(body);
        } finally {
            current = before;
        }
    }

    @Override
    public void execute(Runnable continuation) {
        Thread caller = Thread.currentThread();
        if (caller != carrier && !caller.isVirtual()) {
            synchronized (escapes) {
                escapes.add("woken by the real thread " + caller.getName());
            }
            return;
        }
        makeReady(strands.computeIfAbsent(continuation, this::newStrand));
    }

    private Strand newStrand(Runnable continuation) {
        return new Strand(strandCount++, continuation, JdkThreads.threadOf(continuation), current);
    }

    void makeReady(Strand strand) {
        ready.add(strand);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable deed, long delay, TimeUnit unit) {
        long at = nowNanos + Math.max(1, unit.toNanos(delay));
        var timer = new Timer(this, at, timerCount++, deed);
        timers.add(timer);
        return timer;
    }

    @Override
    public ForkJoinTask<?> submit(Runnable task) {
        throw new UnsupportedOperationException("this would start a real worker");
    }

    void forget(Timer timer) {
        timers.remove(timer);
    }

    /// Runs until nobody is left to run, or the clock has passed `untilNanos`.
    public void runUntil(long untilNanos) {
        while (nowNanos <= untilNanos) {
            if (!ready.isEmpty()) step();
            else if (!timers.isEmpty()) jump();
            else break;
        }
        noteWhoIsLeft();
    }

    private void step() {
        int chosen = order.nextInt(ready.size());
        Strand strand = ready.set(chosen, ready.getLast());
        ready.removeLast();
        if (strand.machine().isDead()) strands.remove(strand.continuation());
        if (!strand.machine().lets(strand)) return;
        steps++;
        mix(strand.number());
        nowNanos += STEP_NANOS_MIN + order.nextInt(STEP_NANOS_SPREAD);
        current = strand.machine();
        strand.continuation().run();
        current = world;
        if (jdk.hasEnded(strand.thread())) strands.remove(strand.continuation());
        else if (jdk.isInMonitor(strand.thread())) {
            escapes.add("held up by a monitor: " + strand.thread().getName());
        }
    }

    private void jump() {
        Timer next = timers.remove();
        nowNanos = Math.max(nowNanos, next.atNanos());
        next.fire();
    }

    private void noteWhoIsLeft() {
        if (!ready.isEmpty() || !timers.isEmpty()) return;
        for (Strand strand : strands.values()) {
            boolean mayRun = !strand.machine().isDead() && !jdk.hasEnded(strand.thread());
            if (mayRun) escapes.add("waits for nobody: " + strand.thread().getName());
        }
    }

    /// Adds `what` to the hash of the run.
    public void trace(String what) {
        for (int i = 0; i < what.length(); i++) mix(what.charAt(i));
        mix(nowNanos);
    }

    private void mix(long value) {
        hash = (hash ^ value) * FNV_PRIME;
        hash ^= hash >>> 29;
    }

    /// A new machine.
    public Machine machine(String name) {
        return new Machine(name, this);
    }

    /// The machine that nobody kills.
    public Machine world() {
        return world;
    }

    /// 64 bits from the seed.
    public long randomLong() {
        return chance.nextLong();
    }

    /// Virtual nanoseconds since the start.
    public long nowNanos() {
        return nowNanos;
    }

    /// How often a thread was given its turn.
    public long steps() {
        return steps;
    }

    /// Who ran when, and everything traced, as one number.
    public long hash() {
        return hash;
    }

    /// What went on outside the simulation's sight; empty if the run can be trusted.
    public List<String> escapes() {
        synchronized (escapes) {
            return List.copyOf(escapes);
        }
    }
}
