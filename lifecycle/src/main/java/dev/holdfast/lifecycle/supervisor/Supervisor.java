package dev.holdfast.lifecycle.supervisor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The service manager that started this process, as systemd does, and that wants to know how it
/// goes.
///
/// Without `NOTIFY_SOCKET` in the environment it does nothing. No error of it ever hurts: the first
/// one is logged, and then it is silent. Thread-safe.
public final class Supervisor {
    private static final System.Logger LOG = System.getLogger("dev.holdfast.lifecycle");
    private static final int STATUS_MAX = 400;

    private final AtomicBoolean isStopping = new AtomicBoolean();
    private final long watchdogNanos;
    private volatile @Nullable NoticeSocket socket;

    private Supervisor(@Nullable NoticeSocket socket, long watchdogNanos) {
        this.socket = socket;
        this.watchdogNanos = watchdogNanos;
    }

    /// The one that `environment` names, for the process `pid`.
    public static Supervisor of(Map<String, String> environment, long pid) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (name.isEmpty()) return new Supervisor(null, 0);
        try {
            return new Supervisor(NoticeSocket.to(name), watchdogNanos(environment, pid));
        } catch (Throwable refused) { // whatever the platform says, the service runs
            LOG.log(System.Logger.Level.WARNING, "no service manager to tell: {0}", refused);
            return new Supervisor(null, 0);
        }
    }

    private static long watchdogNanos(Map<String, String> environment, long pid) {
        String owner = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
        String micros = environment.getOrDefault("WATCHDOG_USEC", "0");
        boolean isOurs = owner.equals(Long.toString(pid)) && micros.matches("[0-9]{1,15}");
        return isOurs ? TimeUnit.MICROSECONDS.toNanos(Long.parseLong(micros)) : 0;
    }

    /// How often it wants to hear [#alive]: half of the time after which it takes the process for
    /// dead. Null if it does not ask for that.
    public @Nullable Duration alivePeriod() {
        return watchdogNanos == 0 ? null : Duration.ofNanos(watchdogNanos / 2);
    }

    /// Everything serves, also after a stop that was taken back.
    public void ready() {
        isStopping.set(false);
        tell("READY=1\nSTATUS=running");
    }

    /// A stop has begun, and wants `more` time; told once.
    public void stopping(Duration more, String status) {
        if (isStopping.getAndSet(true)) return;
        tell("STOPPING=1\n" + extension(more) + "\n" + line(status));
    }

    /// The stop has moved, and wants `more` time from now on.
    public void extend(Duration more, String status) {
        tell(extension(more) + "\n" + line(status));
    }

    /// The process is alive.
    public void alive() {
        tell("WATCHDOG=1");
    }

    /// What the process does, in one line for a person.
    public void status(String status) {
        tell(line(status));
    }

    private static String extension(Duration more) {
        return "EXTEND_TIMEOUT_USEC=" + TimeUnit.NANOSECONDS.toMicros(more.toNanos());
    }

    private static String line(String status) {
        String flat = status.replace('\n', ' ');
        return "STATUS=" + flat.substring(0, Math.min(flat.length(), STATUS_MAX));
    }

    private void tell(String text) {
        NoticeSocket present = socket;
        if (present == null) return;
        try {
            if (present.send(text)) return;
            LOG.log(System.Logger.Level.DEBUG, "the service manager did not take: {0}", text);
        } catch (Throwable failed) { // whatever the platform says, the service runs
            socket = null;
            LOG.log(System.Logger.Level.WARNING, "the service manager is told no more", failed);
        }
    }
}
