package dev.holdfast.simulation.schedule;

import dev.holdfast.simulation.agent.Hooks;
import dev.holdfast.simulation.agent.SimulatedWorld;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs virtual threads one at a time on the thread that made it, in an order that a [Chooser]
/// decides, under a clock of its own.
///
/// It is a [ForkJoinPool] that never starts a worker, because JDK 25 asks a scheduler of that type
/// for timed parks too: so one class sees every continuation and every timer. Time moves a little
/// with every step, and jumps to the next timer when nobody can run.
public final class Scheduler extends ForkJoinPool implements SimulatedWorld {
    private static final long EPOCH_SECONDS = 1_700_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final int STEP_NANOS_MIN = 50;
    private static final int STEP_NANOS_SPREAD = 200;
    private static final String UNBLOCKER = "VirtualThread-unblocker";

    private final Thread carrier = Thread.currentThread();
    private final Thread.Builder.OfVirtual threads = JdkThreads.builderFor(this);
    private final long seed;
    private final Chooser chooser;
    private final SplittableRandom pace;
    private final SplittableRandom chance;
    private final Trace trace = new Trace();
    private final Map<Runnable, Strand> strands = new IdentityHashMap<>();
    private final List<Strand> ready = new ArrayList<>();
    private final List<Strand> inMonitors = new ArrayList<>();
    private final Queue<Runnable> handedOver = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Machine world = new Machine("world", this);
    private final Escapes escapes = new Escapes();
    private Machine current = world;
    private @Nullable Strand running;
    private int strandCount;
    private int initialisations;
    private long timerCount;
    private volatile long steps; // volatile for the watchdog
    private volatile @Nullable String doom;
    private long nowNanos;

    /// Belongs to the calling thread.
    public Scheduler(long seed, Chooser chooser) {
        super(1);
        this.seed = seed;
        this.chooser = chooser;
        var root = new SplittableRandom(seed);
        pace = root.split();
        chance = root.split();
        threads.uncaughtExceptionHandler(this::died);
    }

    private void died(Thread thread, Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        String place = stack.length == 0 ? "" : " at " + stack[0];
        escapes.add(thread.getName() + " died of " + cause + place);
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
        if (caller == carrier || Hooks.worldOf(caller) == this) {
            makeReady(strands.computeIfAbsent(continuation, this::newStrand));
        } else if (caller.getName().equals(UNBLOCKER)) {
            handedOver.add(continuation);
        } else {
            escapes.wokenBy(caller, JdkThreads.threadOf(continuation));
        }
    }

    private Strand newStrand(Runnable continuation) {
        return new Strand(strandCount++, continuation, JdkThreads.threadOf(continuation), current);
    }

    void makeReady(Strand strand) {
        if (strand.machine().isDead()) strands.remove(strand.continuation());
        else ready.add(strand);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable deed, long delay, TimeUnit unit) {
        long at = nowNanos + Math.max(1, unit.toNanos(delay));
        var timer = new Timer(this, at, timerCount++, current, deed);
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

    /// Forgets who would run, of a machine that was killed.
    void bury(Machine dead) {
        ready.removeIf(strand -> strand.machine() == dead);
        timers.removeIf(timer -> timer.machine() == dead);
        Strand own = running;
        // Whoever kills its own machine does nothing more either.
        while (own != null && own.machine() == dead && Thread.currentThread() == own.thread()) {
            LockSupport.parkNanos(this, Long.MAX_VALUE);
        }
    }

    /// Runs until nobody is left to run, or the clock has passed `untilNanos`.
    public void runUntil(long untilNanos) {
        Hooks.watch();
        Object watched = Watchdog.watch(this);
        try {
            while (nowNanos <= untilNanos && doom == null) {
                takeHandedOver();
                if (ready.isEmpty() && timers.isEmpty()) {
                    noteWhoIsLeft();
                    break;
                }
                int chosen = ready.isEmpty() ? Chooser.EXPIRE : chooser.next(ready, timers.size());
                if (chosen == Chooser.STOP) break;
                if (chosen == Chooser.EXPIRE) jump();
                else step(chosen);
            }
        } finally {
            Watchdog.forget(watched);
            Hooks.unwatch();
        }
        if (doom != null) escapes.add(doom);
    }

    // The JVM hands monitors over on a thread of its own: wait for it, and bring order into it.
    private void takeHandedOver() {
        if (inMonitors.isEmpty()) return;
        for (Strand strand : inMonitors) {
            while (Hooks.isBeingHandedAMonitor(strand.thread())) Thread.onSpinWait();
        }
        List<Strand> woken = new ArrayList<>();
        for (Runnable next = handedOver.poll(); next != null; next = handedOver.poll()) {
            woken.add(strands.computeIfAbsent(next, this::newStrand));
        }
        woken.sort(Comparator.comparingInt(Strand::number));
        woken.forEach(this::makeReady);
        inMonitors.removeIf(strand -> !JdkThreads.isInMonitor(strand.thread()));
    }

    private void step(int chosen) {
        Strand strand = ready.set(chosen, ready.getLast());
        ready.removeLast();
        if (!strand.machine().lets(strand)) return;
        steps = steps + 1;
        nowNanos += STEP_NANOS_MIN + pace.nextInt(STEP_NANOS_SPREAD);
        trace.turn(nowNanos, strand);
        current = strand.machine();
        running = strand;
        strand.continuation().run();
        running = null;
        current = world;
        if (JdkThreads.hasEnded(strand.thread())) strands.remove(strand.continuation());
        else if (JdkThreads.isInMonitor(strand.thread())) inMonitors.add(strand);
    }

    private void jump() {
        Timer next = timers.remove();
        nowNanos = Math.max(nowNanos, next.atNanos());
        next.fire();
    }

    private void noteWhoIsLeft() {
        List<Strand> left = new ArrayList<>();
        for (Strand strand : strands.values()) {
            boolean lives = !strand.machine().isDead() && !JdkThreads.hasEnded(strand.thread());
            if (lives) left.add(strand);
        }
        left.sort(Comparator.comparingInt(Strand::number));
        if (!left.isEmpty()) escapes.waitForStragglers();
        for (Strand strand : left) {
            escapes.add(
                    "waits for nobody: %s on %s at %s"
                            .formatted(
                                    strand.thread().getName(),
                                    strand.machine().name(),
                                    JdkThreads.placeOf(strand.thread())));
        }
    }

    /// Makes the run fail as soon as it can.
    void doom(String why) {
        System.err.println("simulation: seed=" + seed + ": " + why);
        doom = why;
        carrier.interrupt();
        LockSupport.unpark(carrier);
    }

    /// Where the present step is, for whoever looks from outside.
    String whereItIs() {
        Strand strand = running;
        Thread thread = strand == null ? carrier : strand.thread();
        return thread.getName() + " at " + JdkThreads.placeOf(thread);
    }

    private void refuseIfDoomed() {
        String why = doom;
        if (why != null && running != null) throw new AssertionError(why);
    }

    @Override
    public long nanoTime() {
        refuseIfDoomed();
        return nowNanos;
    }

    @Override
    public long wallNanosSince(long seconds) {
        refuseIfDoomed();
        return wallNanosOf(current) - seconds * NANOS_PER_SECOND;
    }

    /// The wall clock of `machine`, in nanoseconds since 1970.
    public long wallNanosOf(Machine machine) {
        long skew = world.skewNanos() + (machine == world ? 0 : machine.skewNanos());
        return EPOCH_SECONDS * NANOS_PER_SECOND + nowNanos + skew;
    }

    @Override
    public long threadNumber(Thread thread) {
        Strand strand = running;
        if (strand != null && strand.thread() == thread) return strand.number() + 1;
        for (Strand each : strands.values()) if (each.thread() == thread) return each.number() + 1;
        return 0; // it has ended, or has not begun
    }

    @Override
    public long threadSeed() {
        return seed + (threadNumber(Thread.currentThread()) + 1) * GOLDEN_GAMMA;
    }

    @Override
    public void before(int kind, @Nullable Object target, String what) {
        Strand strand = running;
        if (strand == null || 0 < initialisations) return;
        refuseIfDoomed();
        if (!chooser.switchesBefore(kind)) return;
        strand.announce(new Access(kind, target, what));
        Thread.yield();
    }

    @Override
    public void initialising(int step) {
        initialisations += step;
    }

    @Override
    public void carrierWouldPark() {
        String why = "pinned: " + whereItIs();
        escapes.add(why);
        throw new AssertionError(why);
    }

    @Override
    public void platformThreadStarts(Thread thread) {
        escapes.add("starts the real thread " + thread.getName() + ": " + whereItIs());
    }

    /// Adds `what` to the trace of the run.
    public void trace(String what) {
        trace.event(nowNanos, current.name(), what);
    }

    /// What happened so far.
    public Trace trace() {
        return trace;
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

    /// What went on outside the simulation's sight; empty if the run can be trusted.
    public List<String> escapes() {
        return escapes.all();
    }
}
