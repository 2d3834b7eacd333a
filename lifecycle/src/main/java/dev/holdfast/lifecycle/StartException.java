package dev.holdfast.lifecycle;

/// A scope did not start. What had started was stopped again; the report says how.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ShutdownReport report;

    StartException(String message, Throwable cause, ShutdownReport report) {
        super(message, cause);
        this.report = report;
    }

    /// How the roll-back went.
    public ShutdownReport report() {
        return report;
    }

    /// The exit code of a process whose start ended so.
    public ExitCode exitCode() {
        return report.exitCode() == ExitCode.CLEAN ? ExitCode.START_ABORTED : report.exitCode();
    }
}
