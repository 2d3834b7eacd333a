package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.wait.State;

/// The answer to a request to take a stop back.
public sealed interface Resumption {
    /// The stop was taken back: everything serves again.
    ///
    /// @param epoch that new tokens belong to; those from before stay cancelled
    record Resumed(long epoch) implements Resumption {}

    /// It is being taken back. Whoever asked is inside the scope, where waiting would wait for
    /// itself.
    record UnderWay() implements Resumption {}

    /// The stop has passed into QUIESCE, or beyond: it goes on.
    record TooLate(State state) implements Resumption {}

    /// There is no stop to take back.
    record NotStopping(State state) implements Resumption {}

    /// The stop goes on, because what it left would not be whole.
    record Refused(String why) implements Resumption {}

    /// True if the stop was taken back, or is being.
    default boolean isAccepted() {
        return switch (this) {
            case Resumed _, UnderWay _ -> true;
            case TooLate _, NotStopping _, Refused _ -> false;
        };
    }
}
