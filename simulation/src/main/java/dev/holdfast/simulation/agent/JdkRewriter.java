package dev.holdfast.simulation.agent;

import static dev.holdfast.simulation.agent.ClockRewriter.HOOKS;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

/// Takes chance out of the JDK's own classes: who is handed a monitor, in which order `Set.of` and
/// `Map.of` are read, from which seeds `ThreadLocalRandom` starts, what an enum constant's hash is.
/// A thread that would hold up its carrier says so first. What is logged in a simulated world goes
/// nowhere: a real thread that holds the lock of a real stream would be waited for.
final class JdkRewriter implements Rewriter {
    private static final long SALT = 0x5EED_5A17L;
    private static final MethodTypeDesc OBJECT_HASH =
            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object);
    private static final MethodTypeDesc HAND_OVER =
            MethodTypeDesc.of(
                    ConstantDescs.CD_boolean,
                    ConstantDescs.CD_Object,
                    ConstantDescs.CD_int, // the JVM passes a boolean as an int
                    ConstantDescs.CD_int);
    private static final MethodTypeDesc NEXT_SEED =
            MethodTypeDesc.of(
                    ConstantDescs.CD_long,
                    ClassDesc.of("java.util.concurrent.atomic.AtomicLong"),
                    ConstantDescs.CD_long);
    private static final MethodTypeDesc THREAD_STARTS =
            MethodTypeDesc.of(ConstantDescs.CD_void, ClassDesc.of("java.lang.Thread"));
    private static final MethodTypeDesc THREAD_NUMBER =
            MethodTypeDesc.of(ConstantDescs.CD_long, ClassDesc.of("java.lang.Thread"));

    @Override
    public boolean concerns(String name) {
        return name.startsWith("java/util/ImmutableCollections")
                || name.equals("java/lang/VirtualThread")
                || name.equals("java/lang/Thread")
                || name.equals("java/lang/Enum")
                || name.equals("java/util/concurrent/ThreadLocalRandom")
                || name.equals("java/util/logging/Logger");
    }

    @Override
    public byte[] rewrite(String name, byte[] bytes) {
        ClassFile format = ClassFile.of();
        ClassTransform transform =
                switch (name) {
                    case "java/lang/VirtualThread" ->
                            in(
                                    Set.of("unblockVirtualThreads", "parkOnCarrierThread"),
                                    JdkRewriter::virtualThread);
                    case "java/lang/Thread" ->
                            ClassTransform.transformingMethodBodies(JdkRewriter::start);
                    case "java/lang/Enum" -> in(Set.of("hashCode"), JdkRewriter::hash);
                    case "java/util/concurrent/ThreadLocalRandom" ->
                            ClassTransform.transformingMethodBodies(JdkRewriter::seeds);
                    case "java/util/logging/Logger" -> in(Set.of("isLoggable"), new Silence());
                    default ->
                            ClassTransform.transformingMethodBodies(
                                    method -> !isNamed(method, "<clinit>"), JdkRewriter::salt);
                };
        return format.transformClass(format.parse(bytes), transform);
    }

    private static ClassTransform in(Set<String> methods, CodeTransform change) {
        return ClassTransform.transformingMethodBodies(
                method -> methods.contains(method.methodName().stringValue()), change);
    }

    private static boolean isNamed(MethodModel method, String name) {
        return method.methodName().equalsString(name);
    }

    private static boolean isCall(CodeElement element, String name) {
        return element instanceof InvokeInstruction call && call.name().equalsString(name);
    }

    private static void virtualThread(CodeBuilder code, CodeElement element) {
        if (isCall(element, "compareAndSetOnWaitingList")) {
            code.invokestatic(HOOKS, "handOver", HAND_OVER);
        } else if (isCall(element, "unblock")) {
            code.pop(); // the hook has done it
        } else {
            if (isCall(element, "park")) {
                code.invokestatic(HOOKS, "beforeCarrierParks", ConstantDescs.MTD_void);
            }
            code.with(element);
        }
    }

    private static void start(CodeBuilder code, CodeElement element) {
        if (isCall(element, "start0")) {
            code.dup().invokestatic(HOOKS, "platformThreadStarts", THREAD_STARTS);
        }
        code.with(element);
    }

    private static void hash(CodeBuilder code, CodeElement element) {
        if (isCall(element, "identityHashCode")) code.invokestatic(HOOKS, "hashOf", OBJECT_HASH);
        else code.with(element);
    }

    private static void seeds(CodeBuilder code, CodeElement element) {
        if (isCall(element, "getAndAdd")) code.invokestatic(HOOKS, "nextSeed", NEXT_SEED);
        else if (isCall(element, "threadId")) {
            code.invokestatic(HOOKS, "threadNumber", THREAD_NUMBER);
        } else code.with(element);
    }

    private static void salt(CodeBuilder code, CodeElement element) {
        if (element instanceof FieldInstruction field && field.opcode() == Opcode.GETSTATIC) {
            if (field.name().equalsString("SALT32L")) {
                code.loadConstant(SALT);
                return;
            }
            if (field.name().equalsString("REVERSE")) {
                code.iconst_0();
                return;
            }
        }
        code.with(element);
    }

    /// Answers `false` on a thread of a simulation.
    private static final class Silence implements CodeTransform {
        private static final MethodTypeDesc IS_SIMULATED =
                MethodTypeDesc.of(ConstantDescs.CD_boolean);

        @Override
        public void atStart(CodeBuilder code) {
            code.invokestatic(HOOKS, "isSimulated", IS_SIMULATED)
                    .ifThen(no -> no.iconst_0().ireturn());
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
        }
    }
}
