package dev.holdfast.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.signal.Errand;
import dev.holdfast.lifecycle.signal.Escalation;
import dev.holdfast.lifecycle.signal.Halter;
import dev.holdfast.lifecycle.signal.Signals;
import dev.holdfast.lifecycle.signal.Watchdog;
import dev.holdfast.lifecycle.supervisor.Supervisor;
import dev.holdfast.lifecycle.tangle.Frames;
import dev.holdfast.lifecycle.wait.State;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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
    private static final byte[] NO_WORDS = {};
    private static final int PROBE_BYTES = 16 * 1024;
    private static final int LOOKS_WITHOUT_MEMORY_MAX = 5;
    private static final int RESERVE_BYTES = 256 * 1024;
    private static final long REPORT_NANOS_MAX = 500_000_000L;
    private static final Duration CIRCLE_TICK = Duration.ofSeconds(1);
    private static final Duration MORE_TIME = Duration.ofSeconds(10);
    private static final Duration WATCHDOG_SLACK = Duration.ofSeconds(2);

    private final Env env;
    private final Duration stopBudget;
    private final long haltNanos;
    private final PrintStream out;
    private final Halter halter = Halter.ready();
    private final Supervisor supervisor =
            Supervisor.of(System.getenv(), ProcessHandle.current().pid());
    private final Errand<ShutdownReport> page;
    private final Errand<ShutdownReport> reading;
    private final Watchdog watchdog;
    private final Escalation escalation = new Escalation(Mode.IMMEDIATE.ordinal());
    private final AtomicReference<@Nullable Request> requested = new AtomicReference<>();
    private final AtomicBoolean isFinishing = new AtomicBoolean();
    private final List<Consumer<ShutdownReport>> readers = new CopyOnWriteArrayList<>();
    private final Thread stopper;
    private final Thread observer;
    private final Thread builder;
    private volatile @Nullable Scope scope;
    private volatile LastWords lastWords;
    private volatile byte @Nullable [] reserve = new byte[RESERVE_BYTES];
    private volatile byte[] probe = {};
    private volatile boolean isServing;
    private volatile boolean hasRun;
    private volatile boolean isFatal;
    private volatile @Nullable String reasonNotStarted;
    private volatile boolean isAsked;
    private volatile Runnable inquiry = () -> {};
    private long progressToldNanos; // of the observer alone
    private long aliveToldNanos; // of the observer alone
    private long circlesSoughtNanos; // of the observer alone
    private int progressMark; // of the observer alone
    private volatile @Nullable Request takenBack;
    private volatile boolean isRefusing;

    /// @param count of the requests so far, so that two equal ones differ
    /// @param isFirm if somebody asked who takes no refusal
    private record Request(Mode mode, String reason, long count, boolean isFirm) {}

    /// What is said if the process is ended before its stop is over, one text for each way.
    private record LastWords(byte[] ifStuck, byte[] ifImmediate, byte[] ifFatal) {
        static LastWords of(ShutdownReport soFar, String whyStuck) {
            return new LastWords(
                    text(soFar.endedWith(ExitCode.STUCK), whyStuck),
                    text(soFar.endedWith(ExitCode.IMMEDIATE), whyStuck),
                    text(soFar.endedWith(ExitCode.FATAL), whyStuck));
        }

        private static byte[] text(ShutdownReport report, String whyStuck) {
            ExitCode code = report.exitCode();
            return "%s (exit code %d); as it stood:%n%s%s%n%s%n"
                    .formatted(
                            code.meaning(), code.code(), report.toPage(), whyStuck, report.toJson())
                    .getBytes(UTF_8);
        }
    }

    private Kernel(Env env, Duration stopBudget, PrintStream out) {
        this.env = env;
        this.stopBudget = stopBudget;
        haltNanos = stopBudget.plus(WATCHDOG_SLACK).toNanos();
        this.out = out;
        builder = Thread.currentThread();
        lastWords = LastWords.of(withoutScope(Mode.SMART, "a signal"), "");
        watchdog = new Watchdog(() -> halter.halt(ExitCode.STUCK.code(), lastWords.ifStuck));
        page = Errand.ready("report-page", this::print);
        reading = Errand.ready("report-readers", this::show);
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
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("exit-guard").unstarted(kernel::stopBeforeExit));
        return kernel;
    }

    // Somebody called System.exit: the scope is stopped first, as after a failure. The JVM waits
    // for this thread; the stopper ends the process under it.
    private void stopBeforeExit() {
        if (!hasRun) return; // main ends by itself
        isFatal = true; // the observer sees to the rest, should there be no memory for it here
        if (scope == null) halter.halt(ExitCode.FATAL.code(), lastWords.ifFatal);
        try {
            fail("System.exit was called");
        } finally {
            stay();
        }
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

    /// Has `reader` shown the final report, before the process ends. It should be quick: the
    /// process does not wait for it longer than a second.
    public void onReport(Consumer<ShutdownReport> reader) {
        readers.add(reader);
    }

    /// Has the report's JSON go to `record` too, or the last words if the stop did not come to its
    /// end. The file is open from now on, so that nothing can keep it from being written.
    public void reportTo(FileOutputStream record) {
        halter.alsoTo(record);
        onReport(report -> write(report, record));
    }

    private static void write(ShutdownReport report, FileOutputStream record) {
        try {
            record.write((report.toJson() + "\n").getBytes(UTF_8));
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    /// True once a stop was asked for: a main that takes its time to build a scope looks at it.
    public boolean isStopAsked() {
        return requested.get() != null;
    }

    /// Starts the scope, serves until a stop is asked for, stops it, reports, and ends the process
    /// with the report's exit code. Does not return.
    ///
    /// @param whenRunning called once the scope runs
    public void run(Scope served, Runnable whenRunning) {
        run(() -> served, whenRunning);
    }

    /// Like [#run(Scope, Runnable)], of a scope that is built here: if that fails, so did the
    /// start.
    public void run(Callable<Scope> source, Runnable whenRunning) {
        hasRun = true;
        try {
            runOrFail(source, whenRunning);
        } finally { // whatever happens to this thread, it is not what ends the process
            stay();
        }
    }

    /// Starts the scope, and does `task` while it runs; then returns, or throws what the task
    /// threw: the scope is the caller's to stop, and the end of the process too. If a stop is asked
    /// for before the task is over, this does not return: the process ends as in [#run(Scope,
    /// Runnable)].
    public void runFor(Scope served, Callable<@Nullable Void> task) throws Exception {
        hasRun = true;
        try {
            serve(served, () -> {});
            if (!isStopAsked()) task.call();
        } catch (StartException notStarted) {
            end(notStarted);
        } finally {
            isServing = false; // who stops it now is no surprise
            if (isStopAsked()) stay();
            hasRun = false;
        }
    }

    private void runOrFail(Callable<Scope> source, Runnable whenRunning) {
        try {
            serve(source.call(), whenRunning);
        } catch (StartException notStarted) {
            end(notStarted);
        } catch (Throwable error) { // whatever it throws, the process must not stay
            isFatal = scope != null; // first: there may be no memory to say so
            if (scope == null) endWithoutScope(error);
            else fail("start: " + error);
        }
    }

    private void end(StartException notStarted) {
        reasonNotStarted = notStarted.getMessage();
        finish(notStarted.report(), notStarted.exitCode());
    }

    private void stay() {
        while (true) LockSupport.parkNanos(this, Long.MAX_VALUE); // the stopper ends the process
    }

    private void serve(Scope served, Runnable whenRunning)
            throws StartException, InterruptedException {
        served.onFailure((component, thrown) -> {
            isFatal = true; // first: there may be no memory to say so
            fail(component + " failed: " + thrown);
        });
        served.beforeResume(this::agreeToResume);
        scope = served;
        LockSupport.unpark(stopper);
        if (isStopAsked()) return;
        supervisor.status("starting");
        served.start();
        isServing = true;
        whenRunning.run();
        if (!isStopAsked()) supervisor.ready();
    }

    private void endWithoutScope(Throwable error) {
        ExitCode code = isStopAsked() ? ExitCode.START_ABORTED : ExitCode.START_FAILED;
        reasonNotStarted = "the scope was not built: " + error;
        Request request = requested.get();
        Mode mode = request == null ? Mode.SMART : request.mode;
        finish(withoutScope(mode, reasonNotStarted).endedWith(code), code);
    }

    private ShutdownReport withoutScope(Mode mode, String reason) {
        String holder = "`" + builder.getName() + "`" + Frames.first(builder);
        return ShutdownReport.withoutScope(mode, reason, stopBudget, holder);
    }

    /// Like [#run(Scope, Runnable)], with nothing to do once it runs.
    public void run(Scope served) {
        run(served, () -> {});
    }

    /// Asks for a stop, as a signal does. Returns at once, but for IMMEDIATE, which ends the
    /// process; takes no lock.
    public void requestStop(Mode mode, String reason) {
        watchdog.arm(haltNanos); // first: it needs no memory
        request(new Request(mode, reason, 1, true));
    }

    /// Like [#requestStop], of a stop that [#refuse] may take back as long as nobody else asks.
    public void requestRefusableStop(Mode mode, String reason) {
        watchdog.arm(haltNanos);
        request(new Request(mode, reason, 1, false));
    }

    private void request(Request next) {
        requested.accumulateAndGet(next, Kernel::laterOf);
        if (next.mode == Mode.IMMEDIATE) {
            halter.halt(ExitCode.IMMEDIATE.code(), lastWords.ifImmediate);
        }
        escalate();
        LockSupport.unpark(stopper);
        LockSupport.unpark(observer);
    }

    private void escalate() {
        Scope served = scope;
        Request request = requested.get();
        if (served != null && request != null) served.escalate(request.mode);
    }

    private static Request laterOf(@Nullable Request before, Request next) {
        if (before == null) return next;
        Request later = before.mode.compareTo(next.mode) < 0 ? next : before;
        boolean isFirm = before.isFirm || next.isFirm;
        return new Request(later.mode, later.reason, before.count + 1, isFirm);
    }

    /// True while a stop is under way that may be refused: all who asked for it leave that open.
    public boolean isRefusable() {
        Request request = requested.get();
        return request != null && !request.isFirm;
    }

    /// Takes the stop back like [#resume], unless somebody has asked for it who takes no refusal.
    public boolean refuse(String reason) throws InterruptedException {
        isRefusing = true;
        try {
            return isRefusable() && resume(reason).isAccepted();
        } finally {
            isRefusing = false;
        }
    }

    /// Takes the stop back, if it has not passed into QUIESCE: the process goes on, and the next
    /// signal counts as the first. A signal that comes after it was settled asks for a new stop.
    public Resumption resume(String reason) throws InterruptedException {
        Scope served = scope;
        if (served == null) return new Resumption.NotStopping(State.NEW);
        return served.resume(reason);
    }

    // Called at the instant that settles it: the requests so far are those that are taken back, and
    // the next signal counts as the first.
    private boolean agreeToResume() {
        Request request = requested.get();
        if (isFatal || isRefusing && request != null && request.isFirm) return false;
        takenBack = request;
        escalation.reset();
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
        watchdog.arm(haltNanos);
        try {
            ShutdownReport report = served.stop(request.mode, stopBudget, request.reason);
            if (report.isTakenBack()) {
                goOn(report);
                return;
            }
            ExitCode code = served.hasStarted() ? report.exitCode() : ExitCode.START_ABORTED;
            finish(report, code);
        } catch (Throwable error) { // such as that there is no memory left, not even the reserve
            halter.halt(ExitCode.FATAL.code(), lastWords.ifFatal);
        }
    }

    // What was requested since stays requested; it arms the watchdog again. Told last, so that who
    // reads it can ask for the next stop.
    private void goOn(ShutdownReport report) {
        watchdog.disarm();
        Request before = takenBack;
        if (before != null) requested.compareAndSet(before, null);
        supervisor.ready();
        Errand.ready("report-page", this::print).send(report); // whoever reads it may hang
        Errand.ready("report-readers", this::show).send(report);
    }

    // Whoever reads the page or the report may hang; what the stop came to stands anyway.
    private void finish(ShutdownReport report, ExitCode code) {
        if (!isFinishing.compareAndSet(false, true)) return;
        ExitCode last = isFatal ? ExitCode.FATAL : code;
        try {
            ShutdownReport told = report.endedWith(last);
            watchdog.arm(haltNanos);
            supervisor.stopping(MORE_TIME, "stopped");
            page.send(told);
            Halter.awaitAll(List.of(page), REPORT_NANOS_MAX);
            reading.send(told);
            Halter.awaitAll(List.of(reading), REPORT_NANOS_MAX);
            if (!reading.lacksMemory() && !page.lacksMemory()) {
                supervisor.status("stopped: " + last.meaning());
                halter.halt(last.code(), NO_WORDS);
            }
        } finally { // there was no memory for the report
            halter.halt(ExitCode.FATAL.code(), lastWords.ifFatal);
        }
    }

    private void show(ShutdownReport report) {
        readers.forEach(reader -> reader.accept(report));
    }

    private void print(ShutdownReport report) {
        String why = reasonNotStarted;
        if (why != null) out.println(why);
        out.print(report.toPage());
        out.flush();
    }

    // On a thread of its own: should it hang, the watchdog still has the words from before.
    private void lookOn() {
        int withoutMemory = 0;
        while (true) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            try {
                look();
                withoutMemory = 0;
            } catch (OutOfMemoryError full) { // then the process stops, while it still can
                reserve = null;
                isFatal = true;
                if (LOOKS_WITHOUT_MEMORY_MAX < ++withoutMemory) {
                    halter.halt(ExitCode.FATAL.code(), lastWords.ifFatal);
                }
            } catch (Throwable blind) { // the next look may see more
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
        }
    }

    private void look() {
        probe = new byte[PROBE_BYTES];
        Scope served = scope;
        tellAlive();
        if (isStopAsked()) supervisor.stopping(MORE_TIME, "stopping");
        if (served != null) tellCircles(served);
        if (isAsked) answer(served);
        if (isFatal && !isStopAsked()) fail("it could not say why: no memory left");
        if (isServing && served != null && !isStopAsked() && served.state().isStopping()) {
            requestStop(Mode.SMART, "the scope was stopped from inside");
        }
        Request request = requested.get();
        if (request == null) return;
        if (served == null) {
            lastWords = LastWords.of(withoutScope(request.mode, request.reason), "");
            return;
        }
        escalate(); // a request that came while the stop was only beginning
        lastWords = LastWords.of(served.reportSoFar(), served.whyStuck().toPage());
        tellProgress(served); // last: whoever reads it may hang
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
        ScopeView view = served.glance();
        boolean hasMoved = progressMark != view.progressMark();
        progressMark = view.progressMark();
        String line = isFirstLook ? null : view.progress();
        if (line == null || isFinishing.get()) return;
        if (hasMoved) supervisor.extend(MORE_TIME, line);
        else supervisor.status(line);
        out.println(line);
        out.flush();
    }

    private void tellCircles(Scope served) {
        if (env.nanoTime() - circlesSoughtNanos < CIRCLE_TICK.toNanos()) return;
        circlesSoughtNanos = env.nanoTime();
        for (List<String> circle : served.newCircles(CIRCLE_TICK)) {
            out.println("circle of waits: " + String.join(" -> ", circle));
            out.flush();
        }
    }

    private void tellAlive() {
        Duration period = supervisor.alivePeriod();
        if (period == null || env.nanoTime() - aliveToldNanos < period.toNanos()) return;
        aliveToldNanos = env.nanoTime();
        supervisor.alive();
    }
}
