package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.plan.Share;
import dev.holdfast.lifecycle.wait.State;
import java.util.EnumSet;
import java.util.Set;

/// The steps of a stop, in order. A component takes part in those that it names.
///
/// Of a stop's time each phase is sure of its floor, gets at most its cap, and takes what is left
/// after the later floors by its weight (floor and cap in thousandths of the whole). The first two
/// have next to nothing to do, and still get seconds of a usual stop: under full load a thread may
/// wait that long for a processor, and what they leave goes to the later ones.
public enum Phase {
    /// Readiness goes off; traffic is asked to go elsewhere.
    ANNOUNCE(State.DRAINING, 30, 200, 4),
    /// Gates close: no new requests, no new replicas.
    REJECT(State.DRAINING, 40, 200, 4),
    /// Accepted requests finish and their replies are sent.
    DRAIN(State.DRAINING, 100, 1000, 8),
    /// Background producers reach a safe point, producers before the consumers they feed.
    QUIESCE(State.QUIESCING, 100, 1000, 4),
    /// What is in memory becomes durable: log, memtables, manifest, upload queue.
    PERSIST(State.PERSISTING, 300, 1000, 12),
    /// Peers confirm what they were sent.
    HANDOFF(State.PERSISTING, 50, 500, 4),
    /// Connections, threads, files and locks are given back, dependents before what they require.
    RELEASE(State.RELEASING, 100, 1000, 3);

    /// Those in which a nested scope stops.
    static final Set<Phase> OF_NESTED = EnumSet.range(QUIESCE, RELEASE);

    private final State state;
    private final int floorPerMille;
    private final int capPerMille;
    private final int weight;

    Phase(State state, int floorPerMille, int capPerMille, int weight) {
        this.state = state;
        this.floorPerMille = floorPerMille;
        this.capPerMille = capPerMille;
        this.weight = weight;
    }

    /// The phases of a nested scope that run within this one of the scope around. Its gates stay
    /// open while the outer scope drains, because those who are drained work through it.
    Set<Phase> within() {
        return this == QUIESCE ? EnumSet.range(ANNOUNCE, QUIESCE) : EnumSet.of(this);
    }

    /// The state of a scope in this phase.
    State state() {
        return state;
    }

    /// True if a FAST stop does not wait for it beyond its floor.
    boolean isCuttable() {
        return this == DRAIN || this == QUIESCE || this == HANDOFF;
    }

    /// True if a component has next to nothing to do in it: if that takes long, a processor is
    /// missing.
    boolean isBrief() {
        return this == ANNOUNCE || this == REJECT;
    }

    /// What it may use of a stop that has `totalNanos`.
    Share share(long totalNanos) {
        return Share.of(totalNanos, floorPerMille, capPerMille, weight);
    }
}
