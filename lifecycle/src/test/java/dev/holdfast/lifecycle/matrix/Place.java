package dev.holdfast.lifecycle.matrix;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.Token;

/// Where a misdeed is done: what main, a start, a task or a phase of a stop has at hand.
interface Place {
    Moment moment();

    Token token();

    Gate gate();

    /// By when it should be over.
    Deadline deadline();

    /// Starts a thread of the place's own.
    void fork(String name, Task.Body body);

    /// Stops the scope that this is inside of.
    void stopScope() throws InterruptedException;
}
