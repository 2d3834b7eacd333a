package dev.holdfast.simulation.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The Java agent that makes a JVM ready for simulations: every class that is loaded, and those of
/// the JDK that are loaded already, go through the rewriters.
///
/// Its argument names the packages whose accesses to shared things become points where a simulation
/// may switch threads: prefixes like `dev/holdfast/engine/`, separated by commas.
public final class Agent {
    /// The only JDK whose insides the rewriters know.
    public static final int JDK = 25;

    private static final List<String> REWRITTEN_THOUGH_LOADED =
            List.of(
                    "java.lang.VirtualThread",
                    "java.lang.Thread",
                    "java.lang.Enum",
                    "java.time.",
                    "java.util.concurrent.",
                    "java.util.ImmutableCollections",
                    "java.util.Random",
                    "java.util.logging.Logger",
                    "java.util.Timer");

    private static volatile boolean isInstalled;
    private static volatile @Nullable String failedOn;

    private Agent() {}

    /// True if this JVM was made ready for simulations.
    public static boolean isInstalled() {
        return isInstalled;
    }

    /// The class that a rewriter failed on, after which no run can be trusted; null if there is
    /// none.
    public static @Nullable String brokenOn() {
        return failedOn;
    }

    /// Called by the JVM before `main`.
    public static void premain(@Nullable String packages, Instrumentation jvm)
            throws UnmodifiableClassException {
        if (Runtime.version().feature() != JDK) return; // whoever needs it says so, and is skipped
        openThreads(jvm);
        String chosen = packages == null ? "" : packages;
        List<Rewriter> rewriters =
                List.of(
                        new ClockRewriter(),
                        new JdkRewriter(),
                        new AccessRewriter(List.of(chosen.split(","))));
        jvm.addTransformer(new Rewriting(rewriters), true);
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> type : jvm.getAllLoadedClasses()) {
            if (jvm.isModifiableClass(type) && isRewrittenThoughLoaded(type)) loaded.add(type);
        }
        jvm.retransformClasses(loaded.toArray(Class<?>[]::new));
        isInstalled = true;
    }

    private static boolean isRewrittenThoughLoaded(Class<?> type) {
        if (type.isArray()) return false;
        for (String prefix : REWRITTEN_THOUGH_LOADED) {
            if (type.getName().startsWith(prefix)) return true;
        }
        return false;
    }

    // What --add-opens java.base/java.lang=ALL-UNNAMED would do on the command line.
    private static void openThreads(Instrumentation jvm) {
        Set<Module> readers =
                Set.of(
                        Agent.class.getModule(),
                        ClassLoader.getSystemClassLoader().getUnnamedModule());
        jvm.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.lang", readers, "java.util.concurrent", readers),
                Set.of(),
                Map.of());
    }

    /// Hands each class to every rewriter in turn.
    ///
    /// What is loaded because a rewriter needs it stays as it is: it is part of the JDK's own
    /// machinery. Plain loops, since it may be called while streams and lambdas are being loaded.
    private static final class Rewriting implements ClassFileTransformer {
        private final List<Rewriter> rewriters;
        private final ThreadLocal<Boolean> isBusy = new ThreadLocal<>();

        Rewriting(List<Rewriter> rewriters) {
            this.rewriters = rewriters;
        }

        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> type,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            if (name == null || name.startsWith("dev/holdfast/simulation/agent/")) return null;
            if (isBusy.get() != null) return null;
            isBusy.set(true);
            boolean isDone = false;
            try {
                byte[] present = rewrite(name, bytes);
                isDone = true;
                return present == bytes ? null : present;
            } finally {
                isBusy.remove();
                if (!isDone) failedOn = name; // the JVM says nothing of what a transformer throws
            }
        }

        private byte[] rewrite(String name, byte[] bytes) {
            byte[] present = bytes;
            for (Rewriter rewriter : rewriters) {
                if (rewriter.concerns(name)) present = rewriter.rewrite(name, present);
            }
            return present;
        }
    }
}
