package dev.holdfast.lifecycle.matrix;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/// What asks for the stop, and how much time the stop is given.
enum Stimulus {
    TERM(List.of(15), 0, 2_000),
    INT(List.of(2), 0, 3_000),
    TERM_TWICE(Collections.nCopies(2, 15), 1_500, 3_000),
    /// The budget is so long that whatever hangs still does at the third signal.
    TERM_THRICE(Collections.nCopies(3, 15), 1_500, 300_000),
    /// Equal signals within a second count once.
    TERM_THRICE_AT_ONCE(Collections.nCopies(3, 15), 50, 2_000),
    PROGRAMMATIC(List.of(), 0, 2_000);

    private final List<Integer> signals;
    private final long gapMillis;
    private final long budgetMillis;

    Stimulus(List<Integer> signals, long gapMillis, long budgetMillis) {
        this.signals = signals;
        this.gapMillis = gapMillis;
        this.budgetMillis = budgetMillis;
    }

    /// The numbers of the signals, in order; none if the process is asked by a call.
    List<Integer> signals() {
        return signals;
    }

    Duration gap() {
        return Duration.ofMillis(gapMillis);
    }

    Duration budget() {
        return Duration.ofMillis(budgetMillis);
    }
}
