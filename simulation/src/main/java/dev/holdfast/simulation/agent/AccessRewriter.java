package dev.holdfast.simulation.agent;

import static dev.holdfast.simulation.agent.ClockRewriter.HOOKS;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Announces to [Hooks] what code of chosen packages is about to do with things that other threads
/// may see: fields that are not final, calls of `java.util.concurrent`, monitors.
///
/// A constructor's own fields are left out, since nobody else sees the object yet. While a class is
/// initialised nothing is announced: that happens once in a JVM, not once in a run.
final class AccessRewriter implements Rewriter {
    private static final MethodTypeDesc BEFORE =
            MethodTypeDesc.of(
                    ConstantDescs.CD_void,
                    ConstantDescs.CD_Object,
                    ConstantDescs.CD_int,
                    ConstantDescs.CD_String);
    private static final MethodTypeDesc BEFORE_ITERATION =
            MethodTypeDesc.of(
                    ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_String);
    private static final ClassDesc THREAD = ClassDesc.of("java.lang.Thread");

    private final List<String> packages;

    AccessRewriter(List<String> packages) {
        this.packages = packages;
    }

    @Override
    public boolean concerns(String name) {
        for (String prefix : packages) {
            if (!prefix.isBlank() && name.startsWith(prefix)) return true;
        }
        return false;
    }

    @Override
    public byte[] rewrite(String name, byte[] bytes) {
        ClassFile format = ClassFile.of();
        ClassModel type = format.parse(bytes);
        Map<String, Integer> kinds = new HashMap<>();
        for (FieldModel field : type.fields()) {
            kinds.put(field.fieldName().stringValue(), kindOf(field));
        }
        ClassTransform transform =
                (builder, element) -> {
                    if (element instanceof MethodModel method && method.code().isPresent()) {
                        builder.transformMethod(
                                method,
                                MethodTransform.transformingCode(changeOf(name, method, kinds)));
                    } else {
                        builder.with(element);
                    }
                };
        return format.transformClass(type, transform);
    }

    // FINAL_FIELD, or what a read of the field is.
    private static final int FINAL_FIELD = -1;

    private static int kindOf(FieldModel field) {
        if (field.flags().has(AccessFlag.FINAL)) return FINAL_FIELD;
        return field.flags().has(AccessFlag.VOLATILE) ? Accesses.SYNC_READ : Accesses.PLAIN_READ;
    }

    private static CodeTransform changeOf(
            String type, MethodModel method, Map<String, Integer> kinds) {
        String name = method.methodName().stringValue();
        if (name.equals("<clinit>")) return new Initialiser();
        boolean isConstructor = name.equals("<init>");
        return (code, element) -> {
            switch (element) {
                case FieldInstruction field -> {
                    if (!isConstructor) announceField(code, field, type, kinds);
                }
                case InvokeInstruction call -> announceCall(code, call);
                case MonitorInstruction monitor -> {
                    if (monitor.opcode() == Opcode.MONITORENTER) {
                        code.dup();
                        announce(code, Accesses.SYNC_WRITE, "monitor");
                    }
                }
                default -> {}
            }
            code.with(element);
        };
    }

    // With the target on the stack.
    private static void announce(CodeBuilder code, int kind, String what) {
        code.loadConstant(kind).loadConstant(what).invokestatic(HOOKS, "before", BEFORE);
    }

    private static void announceField(
            CodeBuilder code, FieldInstruction field, String type, Map<String, Integer> kinds) {
        String name = field.name().stringValue();
        String owner = field.owner().asInternalName();
        int kind = owner.equals(type) ? kinds.getOrDefault(name, FINAL_FIELD) : Accesses.PLAIN_READ;
        if (kind == FINAL_FIELD || isOfTheJdk(owner)) return;
        boolean isWrite = field.opcode() == Opcode.PUTFIELD || field.opcode() == Opcode.PUTSTATIC;
        int announced = isWrite ? kind + 1 : kind;
        String what = owner.substring(owner.lastIndexOf('/') + 1) + "." + name;
        switch (field.opcode()) {
            case GETFIELD -> {
                code.dup();
                announce(code, announced, what);
            }
            case PUTFIELD -> beneathTheTop(code, field.typeSymbol(), announced, what);
            default -> {
                code.aconst_null();
                announce(code, announced, owner + "." + name);
            }
        }
    }

    // The target lies under one value.
    private static void beneathTheTop(CodeBuilder code, ClassDesc value, int kind, String what) {
        TypeKind valueKind = TypeKind.from(value);
        int local = code.allocateLocal(valueKind);
        code.storeLocal(valueKind, local).dup();
        announce(code, kind, what);
        code.loadLocal(valueKind, local);
    }

    private static void announceCall(CodeBuilder code, InvokeInstruction call) {
        String what = Calls.nameOf(call);
        if (Calls.isIteration(call)) {
            code.dup().loadConstant(what).invokestatic(HOOKS, "beforeIteration", BEFORE_ITERATION);
        }
        if (!Calls.isShared(call)) return;
        int kind = Calls.isRead(call) ? Accesses.SYNC_READ : Accesses.SYNC_WRITE;
        if (Calls.isOnItself(call)) {
            code.invokestatic(THREAD, "currentThread", MethodTypeDesc.of(THREAD));
            announce(code, kind, what);
            return;
        }
        if (!Calls.hasKnownTarget(call)) {
            code.aconst_null();
            announce(code, kind, what);
            return;
        }
        List<ClassDesc> arguments = Calls.argumentsAboveTheTarget(call);
        int[] locals = new int[arguments.size()];
        for (int i = locals.length - 1; 0 <= i; i--) {
            TypeKind argument = TypeKind.from(arguments.get(i));
            locals[i] = code.allocateLocal(argument);
            code.storeLocal(argument, locals[i]);
        }
        code.dup();
        announce(code, kind, what);
        for (int i = 0; i < locals.length; i++) {
            code.loadLocal(TypeKind.from(arguments.get(i)), locals[i]);
        }
    }

    private static boolean isOfTheJdk(String owner) {
        return owner.startsWith("java/") || owner.startsWith("jdk/");
    }

    /// Tells when the initialisation of a class begins and ends.
    private static final class Initialiser implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            code.invokestatic(HOOKS, "initialisationBegins", ConstantDescs.MTD_void);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof ReturnInstruction) {
                code.invokestatic(HOOKS, "initialisationEnds", ConstantDescs.MTD_void);
            }
            code.with(element);
        }
    }
}
