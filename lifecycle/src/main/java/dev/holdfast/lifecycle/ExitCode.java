package dev.holdfast.lifecycle;

/// How a process ended, as its parent sees it.
public enum ExitCode {
    /// Everything is durable, released and accounted for.
    CLEAN(0, "clean"),
    /// All is durable, but something was leaked, failed to release, or went wrong besides.
    LEAKED(20, "all durable, something leaked"),
    /// Work was cut; nothing acknowledged is lost; the next start recovers.
    CUT_SHORT(21, "cut short, nothing acknowledged lost, recovery needed"),
    /// Something could not be persisted; what was acknowledged is for recovery to find.
    NOT_PERSISTED(22, "could not persist"),
    /// The watchdog ended the process at the hard deadline.
    STUCK(23, "stuck, halted by the watchdog"),
    /// The stop was immediate.
    IMMEDIATE(24, "immediate"),
    /// The start failed and was rolled back.
    START_FAILED(25, "start failed"),
    /// The start was aborted by a stop and rolled back.
    START_ABORTED(26, "start aborted"),
    /// A fatal error ended the process.
    FATAL(27, "fatal error");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /// The number that the process exits with.
    public int code() {
        return code;
    }

    /// The meaning in words, as the report prints it.
    public String meaning() {
        return meaning;
    }
}
