package dev.holdfast.system.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// Changes one method of the program, so that its threads meet [Death] there.
public final class FaultAgent {
    private static final ClassDesc DEATH = ClassDesc.of(Death.class.getName());
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

    private FaultAgent() {}

    /// The flag that puts the agent into a JVM which has the tests on its class path: at `method`
    /// of `type` threads die in the way `kind` once the file `trigger` is there. Makes the jar that
    /// an agent has to be in `folder`.
    public static String flag(
            Path folder, String type, String method, Death.Kind kind, Path trigger)
            throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
        Path jar = folder.resolve("agent.jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        String words = String.join("#", type.replace('.', '/'), method, kind.name(), "" + trigger);
        return "-javaagent:" + jar + "=" + words;
    }

    /// Called by the JVM.
    public static void premain(String arguments, Instrumentation instrumentation) {
        String[] words = arguments.split("#");
        Death.prepare(Death.Kind.valueOf(words[2]), Path.of(words[3]));
        instrumentation.addTransformer(new Change(words[0], words[1]));
    }

    /// Puts one call before all else that the method does.
    private record Change(String type, String method) implements ClassFileTransformer {
        @Override
        public byte[] transform(
                ClassLoader loader,
                String name,
                Class<?> redefined,
                ProtectionDomain domain,
                byte[] bytes) {
            if (!type.equals(name)) return null;
            var resolver = ClassHierarchyResolver.ofResourceParsing(loader);
            ClassFile classFile = ClassFile.of(ClassHierarchyResolverOption.of(resolver));
            return classFile.transformClass(
                    classFile.parse(bytes),
                    ClassTransform.transformingMethodBodies(
                            found -> found.methodName().equalsString(method), new MeetDeath()));
        }
    }

    /// One call first, then what was there.
    private static final class MeetDeath implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            code.invokestatic(DEATH, "meet", NOTHING);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
        }
    }
}
