package dev.holdfast.redis.dispatch;

import dev.holdfast.net.PipeException;
import dev.holdfast.redis.resp.ReplyWriter;

/// Where the replies to one client gather, and how they go out although more is to come.
interface Outflow {
    /// What the replies are written with.
    ReplyWriter writer();

    /// Sends what was written once `seq` is durable. Waits as long as too much is on its way.
    void send(long seq) throws PipeException, InterruptedException;

    /// How long what was sent has waited so far for the client to take something, in nanoseconds.
    long takingNanos();
}
