package dev.holdfast.app.serve;

import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.objectstore.local.DirectoryLock;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The lock of the directory, as a component: taken before the start, given back when nobody stands
/// on it any more.
record LockComponent(@Nullable DirectoryLock lock, Set<String> requires) implements Component {
    static final String NAME = "directory-lock";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Phase> phases() {
        return EnumSet.of(Phase.RELEASE);
    }

    @Override
    public void start(StartContext context) {}

    @Override
    public Outcome stop(Phase phase, StopContext context) {
        if (lock != null) lock.close();
        return Outcome.done();
    }
}
