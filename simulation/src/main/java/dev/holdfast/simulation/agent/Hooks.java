package dev.holdfast.simulation.agent;

import dev.holdfast.base.Adapter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What rewritten code calls instead of the JVM: on a thread of a simulation its answers come from
/// that simulation, on any other thread from the JVM.
@Adapter("the real clock, for threads outside every simulation")
public final class Hooks {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MILLIS_PER_SECOND = 1_000L;
    private static final String CONCURRENT = "java.util.concurrent.";
    private static final String SNAPSHOTS = "java.util.concurrent.CopyOnWrite";
    private static final String MAP_VALUES =
            "java.util.concurrent.ConcurrentSkipListMap$ValueIterator";
    private static final String MAP_ENTRIES =
            "java.util.concurrent.ConcurrentSkipListMap$EntryIterator";
    private static final MethodHandle SCHEDULER;
    private static final MethodHandle UNBLOCK;
    private static final VarHandle IS_TO_BE_UNBLOCKED;
    private static int watchers; // guarded by this class
    private static boolean isWatched; // plain: an unwatched access should cost nothing

    static {
        try {
            Class<?> thread = Class.forName("java.lang.VirtualThread");
            MethodHandles.Lookup inside =
                    MethodHandles.privateLookupIn(thread, MethodHandles.lookup());
            SCHEDULER =
                    inside.findGetter(thread, "scheduler", Executor.class)
                            .asType(MethodType.methodType(Object.class, Thread.class));
            UNBLOCK =
                    inside.findVirtual(thread, "unblock", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class));
            IS_TO_BE_UNBLOCKED = inside.findVarHandle(thread, "onWaitingList", boolean.class);
        } catch (ReflectiveOperationException unknownJdk) {
            throw new ExceptionInInitializerError(unknownJdk);
        }
    }

    private Hooks() {}

    /// The simulation that `thread` belongs to.
    public static @Nullable SimulatedWorld worldOf(Thread thread) {
        if (!thread.isVirtual()) return null;
        try {
            // During the JVM's start this class is asked before it is ready.
            return SCHEDULER != null
                            && (Object) SCHEDULER.invokeExact(thread)
                                    instanceof SimulatedWorld world
                    ? world
                    : null;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// True on a thread of a simulation.
    public static boolean isSimulated() {
        return worldOf(Thread.currentThread()) != null;
    }

    /// For `System.nanoTime()`.
    public static long nanoTime() {
        SimulatedWorld world = worldOf(Thread.currentThread());
        return world == null ? System.nanoTime() : world.nanoTime();
    }

    /// For `System.currentTimeMillis()`.
    public static long currentTimeMillis() {
        SimulatedWorld world = worldOf(Thread.currentThread());
        return world == null
                ? System.currentTimeMillis()
                : Math.floorDiv(world.wallNanosSince(0), NANOS_PER_MILLI);
    }

    /// For `jdk.internal.misc.VM.getNanoTimeAdjustment(long)`, the clock of `Instant.now()`.
    public static long nanoTimeAdjustment(long seconds) {
        SimulatedWorld world = worldOf(Thread.currentThread());
        return world == null
                ? (System.currentTimeMillis() - seconds * MILLIS_PER_SECOND) * NANOS_PER_MILLI
                : world.wallNanosSince(seconds);
    }

    /// For the generator of seeds in `ThreadLocalRandom`.
    public static long nextSeed(AtomicLong seeder, long step) {
        SimulatedWorld world = worldOf(Thread.currentThread());
        return world == null ? seeder.getAndAdd(step) : world.threadSeed();
    }

    /// For `Thread.threadId()` in `ThreadLocalRandom`.
    public static long threadNumber(Thread thread) {
        SimulatedWorld world = worldOf(thread);
        return world == null ? thread.threadId() : world.threadNumber(thread);
    }

    /// For `System.identityHashCode` in `Enum.hashCode()`: the same in every JVM.
    public static int hashOf(Object constant) {
        return 31 * constant.getClass().getName().hashCode()
                + ((Enum<?>) constant).name().hashCode();
    }

    /// For the moment in which the JVM hands a monitor over: the thread is made ready first, and
    /// only then taken from the list, so that an empty list means that nobody is on the way.
    public static boolean handOver(Object thread, int listed, int unlisted) {
        try {
            UNBLOCK.invokeExact(thread);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
        return IS_TO_BE_UNBLOCKED.compareAndSet(thread, listed == 1, unlisted == 1);
    }

    /// True while the JVM is about to hand a monitor over to `thread`.
    public static boolean isBeingHandedAMonitor(Thread thread) {
        return (boolean) IS_TO_BE_UNBLOCKED.getVolatile(thread);
    }

    /// Called before a virtual thread parks the thread that carries it.
    public static void beforeCarrierParks() {
        SimulatedWorld world = worldOf(Thread.currentThread());
        if (world != null) world.carrierWouldPark();
    }

    /// Called where a real thread is started.
    public static void platformThreadStarts(Thread thread) {
        SimulatedWorld world = worldOf(Thread.currentThread());
        if (world != null) world.platformThreadStarts(thread);
    }

    /// From now on some simulation wants to know of accesses; ended by [#unwatch].
    public static synchronized void watch() {
        watchers++;
        isWatched = true;
    }

    /// Takes one [#watch] back.
    public static synchronized void unwatch() {
        watchers--;
        isWatched = 0 < watchers;
    }

    /// Called before an access to what other threads may see.
    public static void before(@Nullable Object target, int kind, String what) {
        if (!isWatched) return;
        SimulatedWorld world = worldOf(Thread.currentThread());
        if (world != null) world.before(kind, target, what);
    }

    /// Called before an iterator goes on: if it is one of a concurrent collection, it reads that.
    public static void beforeIteration(Object iterator, String what) {
        if (!isWatched) return;
        String type = iterator.getClass().getName();
        boolean isShared = type.startsWith(CONCURRENT) && !type.startsWith(SNAPSHOTS);
        if (isShared) before(mapBehind(iterator, type), Accesses.SYNC_READ, what);
    }

    // An iterator over the keys may be one of a set, which is another object than its map.
    private static @Nullable Object mapBehind(Object iterator, String type) {
        if (!type.equals(MAP_VALUES) && !type.equals(MAP_ENTRIES)) return null;
        try {
            Field map = iterator.getClass().getSuperclass().getDeclaredField("this$0");
            map.setAccessible(true);
            return map.get(iterator);
        } catch (ReflectiveOperationException unknownJdk) {
            throw new AssertionError(unknownJdk);
        }
    }

    /// Called where a class of a watched package begins to be initialised.
    public static void initialisationBegins() {
        SimulatedWorld world = worldOf(Thread.currentThread());
        if (world != null) world.initialising(1);
    }

    /// Called where that ends.
    public static void initialisationEnds() {
        SimulatedWorld world = worldOf(Thread.currentThread());
        if (world != null) world.initialising(-1);
    }
}
