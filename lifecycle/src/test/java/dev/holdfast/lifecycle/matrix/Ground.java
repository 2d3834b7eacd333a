package dev.holdfast.lifecycle.matrix;

import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import java.util.EnumSet;
import java.util.Set;

/// What the culprit stands on: released last, or never, if the culprit hangs.
record Ground() implements Component {
    @Override
    public String name() {
        return "ground";
    }

    @Override
    public Set<Phase> phases() {
        return EnumSet.of(Phase.RELEASE);
    }

    @Override
    public void start(StartContext context) {}

    @Override
    public Outcome stop(Phase phase, StopContext context) {
        return Outcome.done();
    }
}
