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
    private static final Set<String> INTERRUPTING =
            Set.of("interrupt", "interrupted", "isInterrupted");
    private static final Set<String> ENDING = Set.of("isAlive", "join");

    // What a thread learns about itself alone.
    private static final Set<String> OWN = Set.of("isHeldByCurrentThread", "getHoldCount");
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
                    "availablePermits",
                    "getCount",
                    "isDone");

    private Calls() {}

    static boolean isShared(InvokeInstruction call) {
        if (call.opcode() == Opcode.INVOKESPECIAL || isIteration(call)) return false;
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (call.opcode() == Opcode.INVOKESTATIC) {
            return owner.equals(PARKING) || isThreadCall(owner, name);
        }
        if (OWN.contains(name)) return false;
        return owner.startsWith(CONCURRENT) && !HARMLESS.contains(owner)
                || owner.equals("java/lang/invoke/VarHandle")
                || owner.startsWith("dev/holdfast/") && LOCKING.contains(name)
                || isThreadCall(owner, name);
    }

    private static boolean isThreadCall(String owner, String name) {
        return owner.equals("java/lang/Thread")
                && (INTERRUPTING.contains(name) || ENDING.contains(name));
    }

    /// True if what is iterated over may be a concurrent collection.
    static boolean isIteration(InvokeInstruction call) {
        return call.owner().asInternalName().equals("java/util/Iterator")
                && ITERATING.contains(call.name().stringValue());
    }

    /// True if it touches nothing but the calling thread.
    static boolean isOnItself(InvokeInstruction call) {
        return call.opcode() == Opcode.INVOKESTATIC && !call.name().equalsString("unpark");
    }

    static boolean isRead(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        boolean waits = owner.endsWith("Future") || owner.endsWith("Queue");
        return READING.contains(call.name().stringValue()) && !waits;
    }

    /// True if the object that is touched lies on the stack under the arguments.
    static boolean hasKnownTarget(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        return !owner.equals("java/lang/invoke/VarHandle")
                && !owner.endsWith("/Condition")
                && !ENDING.contains(call.name().stringValue());
    }

    static List<ClassDesc> argumentsAboveTheTarget(InvokeInstruction call) {
        List<ClassDesc> all = call.typeSymbol().parameterList();
        boolean isStatic = call.opcode() == Opcode.INVOKESTATIC; // its only argument is the target
        return isStatic ? all.subList(1, all.size()) : all;
    }

    static String nameOf(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        return owner.substring(owner.lastIndexOf('/') + 1) + "." + call.name();
    }
}
