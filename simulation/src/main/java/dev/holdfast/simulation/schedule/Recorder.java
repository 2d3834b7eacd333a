package dev.holdfast.simulation.schedule;

import java.util.ArrayList;
import java.util.List;

/// Keeps every decision of another chooser, so that [Replay] can make them again.
public final class Recorder implements Chooser {
    private final Chooser inner;
    private final List<Integer> decisions = new ArrayList<>();

    public Recorder(Chooser inner) {
        this.inner = inner;
    }

    @Override
    public int next(List<Strand> ready, int timers) {
        int chosen = inner.next(ready, timers);
        decisions.add(chosen);
        return chosen;
    }

    @Override
    public boolean switchesBefore(int kind) {
        boolean switches = inner.switchesBefore(kind);
        decisions.add(switches ? 1 : 0);
        return switches;
    }

    /// All decisions so far.
    public List<Integer> decisions() {
        return List.copyOf(decisions);
    }
}
