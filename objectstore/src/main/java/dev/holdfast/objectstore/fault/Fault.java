package dev.holdfast.objectstore.fault;

import java.time.Duration;

/// One way in which a call to a store goes wrong.
public sealed interface Fault {
    /// It does not: the call is passed on.
    record None() implements Fault {}

    /// The request never arrives, and the caller is told so.
    record FailBefore() implements Fault {}

    /// The store will not do it until a person acts.
    record Refuse() implements Fault {}

    /// The request is carried out, but the answer is lost.
    record LostReply() implements Fault {}

    /// A put is answered with "unknown" and carried out later, before the `calls`th call from now;
    /// whoever sent it may be long dead. Other operations fail before.
    record Late(int calls) implements Fault {}

    /// The request takes so much longer.
    record Latency(Duration delay) implements Fault {}

    /// A body read comes back without its last bytes: `kept` parts in 256 of it remain.
    record Truncated(int kept) implements Fault {}

    /// A body read comes back with one bit flipped; `at` is taken modulo the number of bits.
    record BitFlip(long at) implements Fault {}

    /// This call and the next `calls` fail before they arrive.
    record Outage(int calls) implements Fault {}
}
