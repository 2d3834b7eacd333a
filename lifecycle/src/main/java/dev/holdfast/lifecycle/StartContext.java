package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.wait.Token;
import java.util.function.LongSupplier;

/// What a component is given to start with. It may keep it for as long as it runs.
public interface StartContext {
    /// Runs `body` on a new thread of this component. When the body ends, whoever waits for a waker
    /// of that name learns it. What the body throws fails the scope, unless it is the kernel's own
    /// stop. Throws `StopException` once a stop has begun.
    Task fork(String name, Task.Body body);

    /// Does the same for a body that computes for long: see [Env#startBusy].
    Task forkBusy(String name, Task.Body body);

    /// The token of this component, nested in that of its scope.
    Token token();

    /// By when the start must be over.
    Deadline deadline();

    /// The outside world.
    Env env();

    /// Nests a scope that this component has opened, as a server does with a database: its token
    /// reads the levels of this scope, its phases run within this scope's from QUIESCE on, before
    /// this component's part of the same phase, and its report is part of this scope's.
    void adopt(Scope inner);

    /// A gate that belongs to this component: reports name its holders.
    Gate gate(String name);

    /// Has reports name the holders of `gate`.
    void watch(Gate gate);

    /// Has [Scope#whyStuck] say when `done` stands still though `left` is not zero. Both must be
    /// quick; mailboxes that are watched need not be named here.
    void watch(String what, LongSupplier done, LongSupplier left);

    /// Has reports show what is in `mailbox`.
    void watch(Mailbox<?> mailbox);
}
