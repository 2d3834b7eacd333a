package dev.holdfast.app;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.verb.Verbs;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Kernel;
import java.time.Duration;

/// The front door: `holdfast VERB ...`.
///
/// A server, a compactor or a worker is stopped by signals from its first line on, so the kernel
/// comes before anything else. The other verbs leave signals to the JVM: they end at once, and what
/// they had made durable stays.
@Adapter("the process starts and ends here")
public final class Main {
    private static final String STOP_SECONDS = "HOLDFAST_STOP_SECONDS";
    static final String STOP_SECONDS_DEFAULT = "28"; // within the usual 30 s of grace

    private Main() {}

    public static void main(String[] args) {
        Kernel kernel = Verbs.wantsKernel(args) ? install() : null;
        int code = Verbs.commandLine(kernel).execute(args);
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    private static Kernel install() {
        String seconds = System.getenv().getOrDefault(STOP_SECONDS, STOP_SECONDS_DEFAULT);
        boolean isRight = seconds.matches("[1-9]\\d{0,4}");
        Duration budget = Duration.ofSeconds(Long.parseLong(isRight ? seconds : "1"));
        Kernel kernel = Kernel.install(Env.system(), budget, System.err);
        if (isRight) return kernel;
        Output.remark(STOP_SECONDS + " is a number of seconds: `" + seconds + "`");
        Runtime.getRuntime().halt(ExitStatus.CONFIG.code());
        throw new AssertionError("the process has ended");
    }
}
