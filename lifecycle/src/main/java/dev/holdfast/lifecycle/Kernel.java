package dev.holdfast.lifecycle;

import dev.holdfast.base.Env;
import java.io.PrintStream;
import java.time.Duration;

/// The life of a process: signals from main's first line, a watchdog, and an exit code.
public final class Kernel {
    /// Installs the signal handlers and starts the watchdog: the first thing that a main does.
    ///
    /// @param stopBudget the time that a stop has; two seconds later the watchdog ends the process
    /// @param report where the page and the last words go, already open
    public static Kernel install(Env env, Duration stopBudget, PrintStream report) {
        throw new UnsupportedOperationException();
    }

    /// Starts the scope, serves until a stop is asked for, stops it, reports, and ends the process
    /// with the report's exit code. Does not return.
    public void run(Scope scope) {
        throw new UnsupportedOperationException();
    }

    /// Asks for a stop, as a signal does. Returns at once; takes no lock.
    public void requestStop(Mode mode, String reason) {
        throw new UnsupportedOperationException();
    }
}
