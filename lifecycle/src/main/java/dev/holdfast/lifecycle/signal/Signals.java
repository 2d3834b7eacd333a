package dev.holdfast.lifecycle.signal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// The signals of the operating system, caught through `sun.misc.Signal`.
///
/// A shutdown hook would not do: a second SIGTERM is ignored while hooks run. The class is reached
/// by reflection, because it is not part of the platform's API.
public final class Signals {
    private static final System.Logger LOG = System.getLogger("dev.holdfast.lifecycle");

    private Signals() {}

    /// Runs `callback` at every signal called `name` (as in `TERM`), on a thread of the JVM's.
    /// False if that cannot be had, as under `-Xrs`; then the signal keeps its usual effect.
    public static boolean handle(String name, Runnable callback) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invoke =
                    (proxy, method, arguments) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                callback.run();
                                yield null;
                            }
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "handler of " + name;
                        };
                    };
            Object ours =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(), new Class<?>[] {handler}, invoke);
            Object named = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, named, ours);
            return true;
        } catch (ReflectiveOperationException refused) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "signal not handled. name=`{0}`, cause=`{1}`",
                    name,
                    refused.getCause() == null ? refused : refused.getCause());
            return false;
        }
    }
}
