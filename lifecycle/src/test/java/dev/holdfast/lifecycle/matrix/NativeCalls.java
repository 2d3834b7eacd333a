package dev.holdfast.lifecycle.matrix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A few calls of the C library.
final class NativeCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle KILL =
            handle("kill", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle POLL =
            handle("poll", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);

    private NativeCalls() {}

    @SuppressWarnings("restricted") // calls of the C library by name
    private static MethodHandle handle(String name, MemoryLayout... arguments) {
        MemorySegment address = LINKER.defaultLookup().find(name).orElseThrow();
        var returnsInt = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
        return LINKER.downcallHandle(address, returnsInt);
    }

    /// Links the calls, which takes a while.
    static void prepare() {}

    /// Sends a signal; does nothing if the process has ended.
    static void kill(long pid, int signal) {
        try {
            int _ = (int) KILL.invokeExact((int) pid, signal);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Waits in native code for what never comes: no token and no interrupt gets there.
    static void waitForEver() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment nothing = arena.allocate(8);
            while (true) {
                int _ = (int) POLL.invokeExact(nothing, 0L, -1);
            }
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
