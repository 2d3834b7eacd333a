package dev.holdfast.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.signal.Escalation;
import dev.holdfast.lifecycle.signal.Halter;
import dev.holdfast.lifecycle.signal.Signals;
import dev.holdfast.lifecycle.signal.Watchdog;
import dev.holdfast.lifecycle.wait.State;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The life of a process: signals from main's first line, a watchdog, and an exit code.
///
/// A request to stop takes no lock: it sets a word and unparks the kernel's own thread, which was
/// made at the start. Two seconds after the budget the watchdog ends the process, whatever hangs
/// (LIFE-12); a third signal does so at once (LIFE-20). Only `main` uses this class: embedded, a
/// scope is stopped by whoever started it, and no process is ended.
@Adapter("owns the thread that stops the process")
public final class Kernel {
    /// The signal that asks why the process does not move. A process that does not know it ignores
    /// it, so it can be sent to a stranger by mistake.
    public static final String INQUIRY_SIGNAL = "URG";

    private static final long LOOK_NANOS = 100_000_000L;
    private static final long PROGRESS_NANOS = 1_000_000_000L;
    private static final Duration WATCHDOG_SLACK = Duration.ofSeconds(2);

    private final Env env;
    private final Duration stopBudget;
    private final PrintStream out;
    private final Halter halter = Halter.ready();
    private final Watchdog watchdog;
    private final Escalation escalation = new Escalation(Mode.IMMEDIATE.ordinal());
    private final AtomicReference<@Nullable Request> requested = new AtomicReference<>();
    private final AtomicBoolean isFinishing = new AtomicBoolean();
    private final List<Consumer<ShutdownReport>> readers = new CopyOnWriteArrayList<>();
    private final Thread stopper;
    private final Thread observer;
    private volatile @Nullable Scope scope;
    private volatile byte[] lastWordsIfStuck = lastWords(ExitCode.STUCK, "before its start");
    private volatile byte[] lastWordsIfImmediate =
            lastWords(ExitCode.IMMEDIATE, "before its start");
    private volatile boolean isFatal;
    private volatile boolean isAsked;
    private volatile Runnable inquiry = () -> {};
    private long progressToldNanos; // of the observer alone
    private volatile @Nullable Request takenBack;

    /// @param count of the requests so far, so that two equal ones differ
    private record Request(Mode mode, String reason, long count) {}

    private Kernel(Env env, Duration stopBudget, PrintStream out) {
        this.env = env;
        this.stopBudget = stopBudget;
        this.out = out;
        watchdog = new Watchdog(() -> halter.halt(ExitCode.STUCK.code(), lastWordsIfStuck));
        observer = Thread.ofPlatform().daemon().name("stop-observer").unstarted(this::lookOn);
        stopper = Thread.ofPlatform().daemon().name("stopper").unstarted(this::stopWhenAsked);
    }

    /// Installs the signal handlers and starts the watchdog: the first thing that a main does.
    ///
    /// SIGTERM and SIGHUP start a SMART stop, SIGINT a FAST one; each further signal raises the
    /// mode. Where signals cannot be handled (`-Xrs`), this is logged and the rest still works.
    ///
    /// @param stopBudget the time that a stop has; two seconds later the watchdog ends the process
    /// @param out where the report's page goes; last words of the watchdog go to standard error
    public static Kernel install(Env env, Duration stopBudget, PrintStream out) {
        Kernel kernel = new Kernel(env, stopBudget, out);
        kernel.watchdog.start();
        kernel.stopper.start();
        kernel.observer.start();
        kernel.handle("TERM", Mode.SMART);
        kernel.handle("HUP", Mode.SMART);
        kernel.handle("INT", Mode.FAST);
        Signals.handle(INQUIRY_SIGNAL, kernel::ask);
        return kernel;
    }

    private void handle(String signal, Mode first) {
        Signals.handle(
                signal,
                () -> {
                    int step = escalation.receive(signal, first.ordinal(), env.nanoTime());
                    if (0 <= step) requestStop(Mode.values()[step], "SIG" + signal);
                });
    }

    /// Has `answer` run whenever the process gets [#INQUIRY_SIGNAL], on a platform thread that
    /// takes part in nothing else; afterwards the page of [Scope#whyStuck] is written.
    public void onInquiry(Runnable answer) {
        inquiry = answer;
    }

    private void ask() {
        isAsked = true;
        LockSupport.unpark(observer);
    }

    /// Has `reader` shown the final report, before the process ends. It must be quick.
    public void onReport(Consumer<ShutdownReport> reader) {
        readers.add(reader);
    }

    /// Starts the scope, serves until a stop is asked for, stops it, reports, and ends the process
    /// with the report's exit code. Does not return.
    ///
    /// @param whenRunning called once the scope runs
    public void run(Scope served, Runnable whenRunning) {
        served.onFailure((component, thrown) -> fail(component + " failed: " + thrown));
        served.beforeResume(this::agreeToResume);
        scope = served;
        LockSupport.unpark(stopper);
        try {
            if (requested.get() == null) {
                served.start();
                whenRunning.run();
            }
        } catch (StartException notStarted) {
            out.println(notStarted.getMessage());
            finish(notStarted.report(), notStarted.exitCode());
        } catch (InterruptedException | RuntimeException | Error error) {
            fail("start: " + error);
        }
        while (true) LockSupport.parkNanos(this, Long.MAX_VALUE); // the stopper ends the process
    }

    /// Like [#run(Scope, Runnable)], with nothing to do once it runs.
    public void run(Scope served) {
        run(served, () -> {});
    }

    /// Asks for a stop, as a signal does. Returns at once, but for IMMEDIATE, which ends the
    /// process; takes no lock.
    public void requestStop(Mode mode, String reason) {
        requested.accumulateAndGet(new Request(mode, reason, 1), Kernel::laterOf);
        watchdog.arm(stopBudget.plus(WATCHDOG_SLACK).toNanos());
        if (mode == Mode.IMMEDIATE) {
            halter.halt(ExitCode.IMMEDIATE.code(), lastWordsIfImmediate);
        }
        escalate();
        LockSupport.unpark(stopper);
    }

    private void escalate() {
        Scope served = scope;
        Request request = requested.get();
        if (served != null && request != null) served.escalate(request.mode);
    }

    private static Request laterOf(@Nullable Request before, Request next) {
        if (before == null) return next;
        Request later = before.mode.compareTo(next.mode) < 0 ? next : before;
        return new Request(later.mode, later.reason, before.count + 1);
    }

    /// Takes the stop back, if it has not passed into QUIESCE: the process goes on, and the next
    /// signal counts as the first. A signal that comes after it was settled asks for a new stop.
    public Resumption resume(String reason) throws InterruptedException {
        Scope served = scope;
        if (served == null) return new Resumption.NotStopping(State.NEW);
        return served.resume(reason);
    }

    // Called at the instant that settles it: the requests so far are those that are taken back.
    private boolean agreeToResume() {
        if (isFatal) return false;
        takenBack = requested.get();
        return true;
    }

    /// Ends the process with exit code 27, after a FAST stop.
    public void fail(String reason) {
        isFatal = true;
        requestStop(Mode.FAST, reason);
    }

    private void stopWhenAsked() {
        while (true) {
            Scope served = scope;
            Request request = requested.get();
            if (served == null || request == null) LockSupport.parkNanos(this, Long.MAX_VALUE);
            else stop(served, request);
        }
    }

    private void stop(Scope served, Request request) {
        watchdog.arm(stopBudget.plus(WATCHDOG_SLACK).toNanos());
        boolean wasRunning = served.state() != State.NEW;
        try {
            ShutdownReport report = served.stop(request.mode, stopBudget, request.reason);
            if (report.isTakenBack()) {
                goOn(report);
                return;
            }
            ExitCode code = wasRunning ? report.exitCode() : ExitCode.START_ABORTED;
            finish(report, isFatal ? ExitCode.FATAL : code);
        } catch (InterruptedException | RuntimeException | Error error) {
            halter.halt(ExitCode.FATAL.code(), (error + "\n").getBytes(UTF_8));
        }
    }

    // What was requested since stays requested; it arms the watchdog again.
    private void goOn(ShutdownReport report) {
        out.print(report.toPage());
        out.flush();
        readers.forEach(reader -> reader.accept(report));
        escalation.reset();
        watchdog.disarm();
        Request before = takenBack;
        if (before != null) requested.compareAndSet(before, null);
    }

    private void finish(ShutdownReport report, ExitCode code) {
        if (!isFinishing.compareAndSet(false, true)) return;
        watchdog.arm(stopBudget.plus(WATCHDOG_SLACK).toNanos());
        try {
            out.print(report.toPage());
            out.flush();
            readers.forEach(reader -> reader.accept(report));
        } finally {
            halter.halt(code.code(), new byte[0]);
        }
    }

    // On a thread of its own: should it hang, the watchdog still has the words from before.
    private void lookOn() {
        while (true) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            Scope served = scope;
            if (isAsked) answer(served);
            if (served == null || requested.get() == null) continue;
            tellProgress(served);
            escalate(); // a request that came while the stop was only beginning
            String page = served.reportSoFar().toPage() + served.whyStuck().toPage();
            lastWordsIfStuck = lastWords(ExitCode.STUCK, page);
            lastWordsIfImmediate = lastWords(ExitCode.IMMEDIATE, page);
        }
    }

    private void answer(@Nullable Scope served) {
        isAsked = false;
        try {
            inquiry.run();
        } catch (RuntimeException failed) { // the observer has more to do than this
            out.println("inquiry failed: " + failed);
        }
        out.print(served == null ? "not started\n" : served.whyStuck().toPage());
        out.flush();
    }

    private void tellProgress(Scope served) {
        if (env.nanoTime() - progressToldNanos < PROGRESS_NANOS) return;
        boolean isFirstLook = progressToldNanos == 0;
        progressToldNanos = env.nanoTime();
        String line = isFirstLook ? null : served.glance().progress();
        if (line == null || isFinishing.get()) return;
        out.println(line);
        out.flush();
    }

    private static byte[] lastWords(ExitCode code, String soFar) {
        String line = "%s (exit code %d); as it stood:%n%s%n";
        return line.formatted(code.meaning(), code.code(), soFar).getBytes(UTF_8);
    }
}
