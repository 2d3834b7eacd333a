package dev.holdfast.simulation.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Has every class ask [Hooks] for the time, those of the JDK included: without that a simulated
/// sleep would never end. Classes outside the JDK ask for the numbers of threads there too.
final class ClockRewriter implements Rewriter {
    static final ClassDesc HOOKS = ClassDesc.of("dev.holdfast.simulation.agent.Hooks");

    // The JVM's own machinery runs below every simulation, and rewriting would call it.
    private static final List<String> LEFT_ALONE =
            List.of(
                    "java/lang/System",
                    "java/lang/classfile/",
                    "java/lang/invoke/",
                    "jdk/internal/",
                    "sun/");
    private static final Map<String, String> HOOK_OF =
            Map.of(
                    "java/lang/System.nanoTime", "nanoTime",
                    "java/lang/System.currentTimeMillis", "currentTimeMillis",
                    "jdk/internal/misc/VM.getNanoTimeAdjustment", "nanoTimeAdjustment");

    private static final String THREAD_ID = "java/lang/Thread.threadId";
    private static final MethodTypeDesc THREAD_NUMBER =
            MethodTypeDesc.of(ConstantDescs.CD_long, ClassDesc.of("java.lang.Thread"));

    @Override
    public boolean concerns(String name) {
        for (String prefix : LEFT_ALONE) {
            if (name.startsWith(prefix)) return false;
        }
        return true;
    }

    @Override
    public byte[] rewrite(String name, byte[] bytes) {
        ClassFile format = ClassFile.of();
        ClassModel type = format.parse(bytes);
        if (!asksForTheTime(type)) return bytes;
        boolean isOfTheJdk = name.startsWith("java/");
        return format.transformClass(
                type,
                ClassTransform.transformingMethodBodies(
                        isOfTheJdk ? ClockRewriter::rewriteClock : ClockRewriter::rewrite));
    }

    private static boolean asksForTheTime(ClassModel type) {
        for (PoolEntry entry : type.constantPool()) {
            if (!(entry instanceof MethodRefEntry method)) continue;
            String called = method.owner().asInternalName() + "." + method.name();
            if (HOOK_OF.containsKey(called) || called.equals(THREAD_ID)) return true;
        }
        return false;
    }

    private static void rewrite(CodeBuilder code, CodeElement element) {
        if (element instanceof InvokeInstruction call && THREAD_ID.equals(nameOf(call))) {
            code.invokestatic(HOOKS, "threadNumber", THREAD_NUMBER);
        } else {
            rewriteClock(code, element);
        }
    }

    private static String nameOf(InvokeInstruction call) {
        return call.owner().asInternalName() + "." + call.name();
    }

    private static void rewriteClock(CodeBuilder code, CodeElement element) {
        String hook = hookFor(element);
        if (hook != null && element instanceof InvokeInstruction call) {
            code.invokestatic(HOOKS, hook, call.typeSymbol());
        } else {
            code.with(element);
        }
    }

    private static @Nullable String hookFor(CodeElement element) {
        return element instanceof InvokeInstruction call && call.opcode() == Opcode.INVOKESTATIC
                ? HOOK_OF.get(nameOf(call))
                : null;
    }
}
