package dev.holdfast.simulation.store;

import static dev.holdfast.base.Checks.require;

/// The call of one machine to the store at which that machine dies, or at which the network does.
///
/// @param call its number, from 0
public record CrashPoint(long call, Way way) {
    /// What becomes of the call, and of who made it.
    public enum Way {
        /// The machine dies before the request leaves it.
        BEFORE,
        /// The request is carried out; the machine dies before the reply reaches it.
        APPLIED,
        /// The request is carried out and the reply is lost; the machine lives.
        REPLY_LOST,
        /// The request gets lost, and nobody says so; the machine lives.
        REQUEST_LOST,
        /// The machine dies, and the request is carried out much later.
        LATE
    }

    public CrashPoint {
        require(0 <= call, "call must not be negative: %d", call);
    }
}
