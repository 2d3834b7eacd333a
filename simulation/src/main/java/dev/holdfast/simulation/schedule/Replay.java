package dev.holdfast.simulation.schedule;

import java.util.List;

/// Makes the decisions that a [Recorder] kept; after the last one the first thread runs.
public final class Replay implements Chooser {
    private final List<Integer> decisions;
    private int made;

    public Replay(List<Integer> decisions) {
        this.decisions = List.copyOf(decisions);
    }

    @Override
    public int next(List<Strand> ready, int timers) {
        int chosen = decision();
        if (ready.size() <= chosen) {
            throw new IllegalStateException("the run has left the recorded one. step=" + made);
        }
        return chosen;
    }

    @Override
    public boolean switchesBefore(int kind) {
        return decision() == 1;
    }

    private int decision() {
        return made < decisions.size() ? decisions.get(made++) : 0;
    }
}
