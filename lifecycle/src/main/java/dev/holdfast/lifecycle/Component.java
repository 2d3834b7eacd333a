package dev.holdfast.lifecycle;

import java.util.Set;

/// A part of a service with a life: it starts after what it requires, and stops in phases.
///
/// The kernel calls [#start] once and then [#stop] at most once for each phase of [#phases], never
/// two at a time for one component, each on a thread of its own. A component waits only through the
/// kernel's waits, so that an overrun can cut it.
public interface Component {
    /// What it is called in its scope, in reports and in waits. Unique in the scope.
    String name();

    /// The components that must run before this one starts and until this one is released.
    default Set<String> requires() {
        return Set.of();
    }

    /// The components that take what this one produces: in every phase but RELEASE this one stops
    /// before them, whatever the order of start.
    default Set<String> feeds() {
        return Set.of();
    }

    /// The phases of a stop that it takes part in.
    Set<Phase> phases();

    /// What becomes of peers that are still being handed something in HANDOFF.
    default Handoff handoff() {
        return Handoff.WAIT;
    }

    /// Starts its work; returns once it serves. If it throws, everything started before is stopped.
    void start(StartContext context) throws Exception;

    /// Does its part of `phase`. What it throws counts as [Outcome.Failed].
    Outcome stop(Phase phase, StopContext context) throws InterruptedException;

    /// Serves again after a stop was taken back before QUIESCE: undoes what ANNOUNCE, REJECT and
    /// DRAIN did. By default a component needs nothing for that.
    default void resume() {}

    /// How a component hands over what its peers wait for, such as a full synchronisation. Whatever
    /// it says, a FAST stop cuts.
    enum Handoff {
        /// HANDOFF waits for it, within the phase's slice.
        WAIT,
        /// It is told to abort as soon as HANDOFF begins, and counts what it cuts.
        CUT,
        /// A SMART stop is taken back, if somebody is inside a gate of the component when DRAIN is
        /// over. Where there is no way back any more, it is waited for.
        REFUSE
    }
}
