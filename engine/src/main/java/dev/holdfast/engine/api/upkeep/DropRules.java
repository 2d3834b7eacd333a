package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import java.time.Duration;

/// How a database is dropped.
///
/// ```java
/// DropRules rules = DropRules.defaults().within(Duration.ofMinutes(1));
/// Engine.clones(store).drop("trial", rules);
/// ```
///
/// @param budget the longest that one call takes, about; what is left then is left to the next
public record DropRules(Dependents dependents, Duration budget) {
    private static final Duration BUDGET = Duration.ofMinutes(10);

    public DropRules {
        require(budget.isPositive(), "budget must be positive: %s", budget);
    }

    /// What to do about checkpoints, and clones that live on them.
    public enum Dependents {
        /// Leave everything as it is, and say so.
        REFUSE,
        /// Give them up: clones lose what they need.
        GIVE_UP
    }

    /// Nothing that anybody needs, in ten minutes a call.
    public static DropRules defaults() {
        return new DropRules(Dependents.REFUSE, BUDGET);
    }

    /// The same whatever depends on it.
    public DropRules givingUpDependents() {
        return new DropRules(Dependents.GIVE_UP, budget);
    }

    /// The same within `budget` a call.
    public DropRules within(Duration budget) {
        return new DropRules(dependents, budget);
    }
}
