package dev.holdfast.engine;

import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import java.util.Set;

/// The object store as a component: what stands on it is released before it is.
///
/// @param release closes the store if the database owns it
record StoreHold(Runnable release) implements Component {
    @Override
    public String name() {
        return "store";
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.RELEASE);
    }

    @Override
    public void start(StartContext context) {}

    @Override
    public Outcome stop(Phase phase, StopContext context) {
        release.run();
        return Outcome.done();
    }
}
