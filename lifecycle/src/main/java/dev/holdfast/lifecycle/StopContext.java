package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.Token;

/// What a component is given for one phase of a stop.
public interface StopContext {
    /// When this component is told to abort. It ends a little before the phase's slice, so that
    /// what was cut can still be counted.
    Deadline deadline();

    /// The same, and from now on with all that no later phase is sure of: for a component that
    /// answers others, who would else be left without an answer. A stop in haste gives nothing.
    Deadline longestDeadline();

    /// The present mode of the stop; it may rise meanwhile.
    Mode mode();

    /// The present level of this component: ABORT once its time is up.
    Level level();

    /// The token of this component.
    Token token();

    /// Why the scope stops.
    String reason();

    /// Puts the last durable position called `name` into the report.
    void durable(String name, String position);

    /// Puts into the report that `count` of `what` remain and are taken up by the next start.
    void remains(String what, long count);
}
