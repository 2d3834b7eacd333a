package dev.holdfast.simulation.schedule;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;

/// The inside of JDK 25's virtual threads, as far as a scheduler of one's own needs it.
///
/// Needs `--add-opens java.base/java.lang=ALL-UNNAMED`.
final class JdkThreads {
    private static final int TERMINATED = 99; // java.lang.VirtualThread.TERMINATED
    private static final int BLOCKED_FIRST =
            11; // BLOCKING, BLOCKED, UNBLOCKED, WAITING ... in a monitor
    private static final int BLOCKED_LAST = 18;

    private final VarHandle state;
    private final Constructor<?> builder;

    JdkThreads() {
        try {
            Class<?> thread = Class.forName("java.lang.VirtualThread");
            state =
                    MethodHandles.privateLookupIn(thread, MethodHandles.lookup())
                            .findVarHandle(thread, "state", int.class);
            builder =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
        } catch (ReflectiveOperationException unknownJdk) {
            throw new IllegalStateException("the simulator needs JDK 25", unknownJdk);
        }
    }

    /// A builder of threads that `scheduler` runs.
    Thread.Builder.OfVirtual builderFor(Executor scheduler) {
        try {
            return (Thread.Builder.OfVirtual) builder.newInstance(scheduler);
        } catch (ReflectiveOperationException unknownJdk) {
            throw new IllegalStateException("the simulator needs JDK 25", unknownJdk);
        }
    }

    /// The thread whose continuation this is: the one thing that it captures.
    static Thread threadOf(Runnable continuation) {
        try {
            Field captured = continuation.getClass().getDeclaredFields()[0];
            captured.setAccessible(true);
            return (Thread) captured.get(continuation);
        } catch (ReflectiveOperationException unknownJdk) {
            throw new IllegalStateException("the simulator needs JDK 25", unknownJdk);
        }
    }

    boolean hasEnded(Thread thread) {
        return (int) state.getVolatile(thread) == TERMINATED;
    }

    /// True if it is held up by a monitor, which no scheduler can see through.
    boolean isInMonitor(Thread thread) {
        int now = (int) state.getVolatile(thread);
        return BLOCKED_FIRST < now && now <= BLOCKED_LAST;
    }
}
