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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Has every class ask [Hooks] for the time, those of the JDK included: without that a simulated
/// sleep would never end.
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
        return format.transformClass(
                type, ClassTransform.transformingMethodBodies(ClockRewriter::rewrite));
    }

    private static boolean asksForTheTime(ClassModel type) {
        for (PoolEntry entry : type.constantPool()) {
            if (entry instanceof MethodRefEntry method
                    && HOOK_OF.containsKey(method.owner().asInternalName() + "." + method.name()))
                return true;
        }
        return false;
    }

    private static void rewrite(CodeBuilder code, CodeElement element) {
        String hook = hookFor(element);
        if (hook != null && element instanceof InvokeInstruction call) {
            code.invokestatic(HOOKS, hook, call.typeSymbol());
        } else {
            code.with(element);
        }
    }

    private static @Nullable String hookFor(CodeElement element) {
        return element instanceof InvokeInstruction call && call.opcode() == Opcode.INVOKESTATIC
                ? HOOK_OF.get(call.owner().asInternalName() + "." + call.name())
                : null;
    }
}
