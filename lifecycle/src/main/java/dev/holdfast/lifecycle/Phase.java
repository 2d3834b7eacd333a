package dev.holdfast.lifecycle;

/// The steps of a stop, in order. A component takes part in those that it names.
public enum Phase {
    /// Readiness goes off; traffic is asked to go elsewhere.
    ANNOUNCE,
    /// Gates close: no new requests, no new replicas.
    REJECT,
    /// Accepted requests finish and their replies are sent.
    DRAIN,
    /// Background producers reach a safe point, producers before the consumers they feed.
    QUIESCE,
    /// What is in memory becomes durable: log, memtables, manifest, upload queue.
    PERSIST,
    /// Peers confirm what they were sent.
    HANDOFF,
    /// Connections, threads, files and locks are given back, dependents before what they require.
    RELEASE
}
