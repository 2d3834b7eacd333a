package dev.holdfast.simulation.schedule;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// The inside of JDK 25's virtual threads, as far as a scheduler of one's own needs it.
final class JdkThreads {
    private static final int TERMINATED = 99; // java.lang.VirtualThread.TERMINATED
    private static final int FRAMES_SHOWN = 4;
    private static final VarHandle STATE;
    private static final Constructor<?> BUILDER;

    static {
        try {
            Class<?> thread = Class.forName("java.lang.VirtualThread");
            STATE =
                    MethodHandles.privateLookupIn(thread, MethodHandles.lookup())
                            .findVarHandle(thread, "state", int.class);
            BUILDER =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            BUILDER.setAccessible(true);
        } catch (ReflectiveOperationException unknownJdk) {
            throw new IllegalStateException("the simulator needs JDK 25", unknownJdk);
        }
    }

    private static volatile Field captured;

    private JdkThreads() {}

    /// A builder of threads that `scheduler` runs.
    static Thread.Builder.OfVirtual builderFor(Executor scheduler) {
        try {
            return (Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler);
        } catch (ReflectiveOperationException unknownJdk) {
            throw new IllegalStateException("the simulator needs JDK 25", unknownJdk);
        }
    }

    /// The thread whose continuation this is: the one thing that it captures.
    static Thread threadOf(Runnable continuation) {
        try {
            Field field = captured;
            if (field == null || !field.getDeclaringClass().isInstance(continuation)) {
                field = continuation.getClass().getDeclaredFields()[0];
                field.setAccessible(true);
                captured = field;
            }
            return (Thread) field.get(continuation);
        } catch (ReflectiveOperationException unknownJdk) {
            throw new IllegalStateException("the simulator needs JDK 25", unknownJdk);
        }
    }

    static boolean hasEnded(Thread thread) {
        return (int) STATE.getVolatile(thread) == TERMINATED;
    }

    /// True if it waits for a monitor, or in one.
    static boolean isInMonitor(Thread thread) {
        return switch ((int) STATE.getVolatile(thread)) {
            case 12, 13, 15, 16, 17, 18 -> true; // BLOCKING to TIMED_WAIT, but UNBLOCKED
            default -> false;
        };
    }

    /// Where a thread is, and for what it waits, in one line.
    static String placeOf(Thread thread) {
        Object blocker = LockSupport.getBlocker(thread);
        String frames =
                Arrays.stream(thread.getStackTrace())
                        .filter(frame -> !isMachinery(frame.getClassName()))
                        .limit(FRAMES_SHOWN)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < "));
        String place = frames.isEmpty() ? "nowhere" : frames;
        if (isInMonitor(thread)) return place + " for a monitor";
        return blocker == null ? place : place + " for " + blocker;
    }

    private static boolean isMachinery(String type) {
        return type.startsWith("java.")
                || type.startsWith("jdk.")
                || type.startsWith("dev.holdfast.simulation.schedule.")
                || type.startsWith("dev.holdfast.simulation.agent.");
    }
}
