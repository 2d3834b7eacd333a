package dev.holdfast.lifecycle.gate;

/// What became of an item given to a [Mailbox].
public enum Offer {
    /// It is in, and will be taken or listed as remaining.
    ACCEPTED,
    /// There was no room, or none came in time. It is not in.
    FULL,
    /// The mailbox takes nothing any more. It is not in.
    SEALED
}
