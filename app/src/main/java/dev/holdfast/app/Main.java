package dev.holdfast.app;

import dev.holdfast.app.verb.Verbs;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Kernel;
import java.time.Duration;

/// The front door: `holdfast VERB ...`.
///
/// A server is stopped by signals from its first line on, so the kernel comes before anything else.
/// The other verbs leave signals to the JVM: they end at once, and what they had made durable
/// stays.
@Adapter("the process starts and ends here")
public final class Main {
    private static final Duration STOP_BUDGET = Duration.ofSeconds(28); // in 30 s of grace

    private Main() {}

    public static void main(String[] args) {
        Kernel kernel =
                isServe(args) ? Kernel.install(Env.system(), STOP_BUDGET, System.err) : null;
        int code = Verbs.commandLine(kernel).execute(args);
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    private static boolean isServe(String[] args) {
        return 0 < args.length && args[0].equals("serve");
    }
}
