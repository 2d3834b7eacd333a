package dev.holdfast.lifecycle;

import java.util.Set;

/// A scope as a component of the one around it.
///
/// Its gates stay open while the outer scope drains, because those who are drained work through it:
/// all its phases up to QUIESCE run within the outer QUIESCE.
record NestedScope(Scope inner, Set<String> requires, Set<String> feeds) implements Component {
    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Set<Phase> phases() {
        return Set.of();
    }

    @Override
    public void start(StartContext context) throws Exception {
        inner.startUnlessRunning();
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        return Outcome.done();
    }
}
