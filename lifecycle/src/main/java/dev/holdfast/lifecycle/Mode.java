package dev.holdfast.lifecycle;

/// How thorough a stop is. A stop may change to a later mode, never back.
public enum Mode {
    /// Everything is waited for, within the budget.
    SMART,
    /// Nobody waits for peers or for work that can be cut; what is acknowledged is still persisted.
    FAST,
    /// Report and leave. What is durable stays, the rest is for recovery.
    IMMEDIATE
}
