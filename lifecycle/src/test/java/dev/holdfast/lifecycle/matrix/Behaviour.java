package dev.holdfast.lifecycle.matrix;

/// What the culprit does wrong, and of what kind that is.
enum Behaviour {
    BEHAVES(Kind.CALM),
    IS_SLOW_WITHIN_ITS_SLICE(Kind.CALM),
    FORKS_IN_DRAIN(Kind.CALM),
    CLOSES_TWICE(Kind.CALM),
    STOPS_ITSELF(Kind.CALM),
    ENDS_WHILE_OTHERS_WAIT(Kind.CALM),
    LEAKS_A_PASS(Kind.LEAKS),
    HANGS_FOR_A_TOKEN(Kind.HEEDS),
    HANGS_INTERRUPTIBLY(Kind.HANGS),
    HANGS_DEAF(Kind.HANGS),
    HANGS_SPINNING(Kind.HANGS),
    HANGS_IN_NATIVE_CODE(Kind.HANGS),
    IS_SLOW_BEYOND_ITS_SLICE(Kind.HANGS),
    HAS_A_CHILD_SCOPE_THAT_HANGS(Kind.HANGS),
    FILLS_STANDARD_OUTPUT(Kind.HANGS),
    FILLS_STANDARD_ERROR(Kind.HANGS),
    LOCK_AND_QUEUE_IN_A_CIRCLE(Kind.HANGS_WITH_TASKS),
    HOLDS_A_MONITOR(Kind.HANGS_WITH_TASKS),
    STARVES_EVERY_CARRIER(Kind.HANGS_WITH_TASKS),
    EATS_ALL_MEMORY(Kind.HANGS),
    THROWS_CHECKED(Kind.THROWS),
    THROWS_UNCHECKED(Kind.THROWS),
    THROWS_AN_ERROR(Kind.THROWS),
    OVERFLOWS_ITS_STACK(Kind.THROWS),
    RUNS_OUT_OF_MEMORY(Kind.THROWS),
    CALLS_SYSTEM_EXIT(Kind.EXITS),
    EXITS_FROM_A_SHUTDOWN_HOOK(Kind.EXITS);

    /// What the kernel sees of a behaviour.
    enum Kind {
        /// Odd, but nothing that harms a stop.
        CALM,
        /// Leaves someone inside a gate.
        LEAKS,
        /// Hangs until its token is cancelled.
        HEEDS,
        /// Hangs, whatever it is told, on the thread on which it was called.
        HANGS,
        /// Hangs, and so do tasks that it forked before.
        HANGS_WITH_TASKS,
        THROWS,
        EXITS;

        /// True if nothing but the end of the process ends it.
        boolean isDeaf() {
            return this == HANGS || this == HANGS_WITH_TASKS;
        }
    }

    private final Kind kind;

    Behaviour(Kind kind) {
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /// True if it acts only once a stop was asked for: what it does is over in a moment.
    boolean waitsForTheStop() {
        return !kind.isDeaf() && kind != Kind.HEEDS;
    }
}
