package dev.holdfast.lifecycle;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A component whose behaviour a test spells out, and that writes down what is done to it.
final class Probe implements Component {
    /// What a start does.
    @FunctionalInterface
    interface Start {
        void run(StartContext context) throws Exception;
    }

    /// What one phase of a stop does.
    @FunctionalInterface
    interface Stop {
        Outcome run(Phase phase, StopContext context) throws InterruptedException;
    }

    private final String name;
    private final List<String> journal;
    private Set<String> requires = Set.of();
    private Set<String> feeds = Set.of();
    private Set<Phase> phases = EnumSet.allOf(Phase.class);
    private Start start = _ -> {};
    private Stop stop = (_, _) -> Outcome.done();

    /// @param journal must be thread-safe
    Probe(String name, List<String> journal) {
        this.name = name;
        this.journal = journal;
    }

    Probe requires(String... names) {
        requires = Set.of(names);
        return this;
    }

    Probe feeds(String... names) {
        feeds = Set.of(names);
        return this;
    }

    Probe in(Phase first, Phase... rest) {
        phases = EnumSet.of(first, rest);
        return this;
    }

    Probe starting(Start body) {
        start = body;
        return this;
    }

    Probe stopping(Stop body) {
        stop = body;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<String> requires() {
        return requires;
    }

    @Override
    public Set<String> feeds() {
        return feeds;
    }

    @Override
    public Set<Phase> phases() {
        return phases;
    }

    @Override
    public void start(StartContext context) throws Exception {
        journal.add("start " + name);
        start.run(context);
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        journal.add(phase + " " + name);
        return stop.run(phase, context);
    }
}
