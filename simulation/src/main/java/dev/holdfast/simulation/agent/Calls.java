package dev.holdfast.simulation.agent;

import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.Set;

/// Tells which calls touch what other threads may see.
final class Calls {
    private static final String CONCURRENT = "java/util/concurrent/";
    private static final String PARKING = "java/util/concurrent/locks/LockSupport";
    private static final Set<String> HARMLESS =
            Set.of(
                    "java/util/concurrent/TimeUnit",
                    "java/util/concurrent/Callable",
                    "java/util/concurrent/ThreadLocalRandom");
    private static final Set<String> LOCKING =
            Set.of("lock", "unlock", "tryLock", "lockInterruptibly");
    private static final Set<String> THREAD =
            Set.of("interrupt", "interrupted", "isInterrupted", "isAlive", "join");
    private static final Set<String> ITERATING = Set.of("next", "hasNext");
    private static final Set<String> READING =
            Set.of(
                    "get",
                    "getPlain",
                    "getAcquire",
                    "getOpaque",
                    "getVolatile",
                    "intValue",
                    "longValue",
                    "isEmpty",
                    "size",
                    "contains",
                    "containsKey",
                    "peek",
                    "values",
                    "keySet",
                    "entrySet",
                    "iterator",
                    "forEach",
                    "isLocked",
                    "isHeldByCurrentThread",
                    "availablePermits",
                    "getCount",
                    "isDone",
                    "next",
                    "hasNext");

    private Calls() {}

    static boolean isShared(InvokeInstruction call) {
        if (call.opcode() == Opcode.INVOKESPECIAL) return false;
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (call.opcode() == Opcode.INVOKESTATIC) {
            return owner.equals(PARKING) || isThreadCall(owner, name);
        }
        return owner.startsWith(CONCURRENT) && !HARMLESS.contains(owner)
                || owner.equals("java/lang/invoke/VarHandle")
                || owner.startsWith("dev/holdfast/") && LOCKING.contains(name)
                || isIteration(owner, name)
                || isThreadCall(owner, name);
    }

    private static boolean isThreadCall(String owner, String name) {
        return owner.equals("java/lang/Thread") && THREAD.contains(name);
    }

    // What is iterated over may be a concurrent collection.
    private static boolean isIteration(String owner, String name) {
        return owner.equals("java/util/Iterator") && ITERATING.contains(name);
    }

    static boolean isRead(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        boolean waits = owner.endsWith("Future") || owner.endsWith("Queue");
        return READING.contains(call.name().stringValue()) && !waits;
    }

    /// True if the object that is touched lies on the stack under the arguments.
    static boolean hasKnownTarget(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        return call.opcode() != Opcode.INVOKESTATIC
                && !owner.equals("java/lang/invoke/VarHandle")
                && !owner.equals("java/lang/Thread")
                && !owner.endsWith("/Condition")
                && !isIteration(owner, call.name().stringValue());
    }

    static List<ClassDesc> argumentsAboveTheTarget(InvokeInstruction call) {
        return call.typeSymbol().parameterList();
    }

    static String nameOf(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        return owner.substring(owner.lastIndexOf('/') + 1) + "." + call.name();
    }
}
