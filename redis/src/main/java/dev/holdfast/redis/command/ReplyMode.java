package dev.holdfast.redis.command;

/// Whether a client wants replies.
public enum ReplyMode {
    /// To every command.
    ON,
    /// To none.
    OFF,
    /// Not to the next one.
    SKIP_NEXT
}
