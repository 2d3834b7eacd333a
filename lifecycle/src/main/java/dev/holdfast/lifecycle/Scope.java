package dev.holdfast.lifecycle;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;

/// Components that start and stop together, in order and within a bound.
public final class Scope {
    /// A builder of a scope called `name`.
    public static ScopeBuilder builder(String name, Env env) {
        return new ScopeBuilder(name, env);
    }

    /// Starts the components, each after those that it requires. If one fails, those that had
    /// started are stopped again and [StartException] tells how.
    public void start() throws StartException, InterruptedException {
        throw new UnsupportedOperationException();
    }

    /// Stops in phases, within `budget`, and returns the report. A second call joins the first one,
    /// raises its mode if `mode` is higher, and returns the same report.
    public ShutdownReport stop(Mode mode, Duration budget, String reason)
            throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /// A token of this scope.
    public Token token() {
        throw new UnsupportedOperationException();
    }

    /// The present state.
    public State state() {
        throw new UnsupportedOperationException();
    }

    /// What it is called.
    public String name() {
        throw new UnsupportedOperationException();
    }
}
