package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import java.time.Duration;

/// When an object that nothing names may go.
///
/// ```java
/// var look = new CollectionRules(Duration.ofMinutes(5), CollectionRules.Sweep.DRY_RUN);
/// List<String> removable = Engine.collect(store, "db", look).names();
/// ```
///
/// @param minAge how long it stays at least, by the store's clock as well as by ours
/// @param sweep what to do with what may go
public record CollectionRules(Duration minAge, Sweep sweep) {
    public CollectionRules {
        require(!minAge.isNegative(), "minAge is negative: %s", minAge);
    }

    /// What to do with what may go.
    public enum Sweep {
        /// Remove it.
        REMOVE,
        /// Only count it.
        DRY_RUN
    }

    /// Five minutes: far longer than anybody holds a name without naming it anew.
    public static CollectionRules defaults() {
        return new CollectionRules(Duration.ofMinutes(5), Sweep.REMOVE);
    }
}
