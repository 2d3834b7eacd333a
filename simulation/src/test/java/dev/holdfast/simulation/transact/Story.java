package dev.holdfast.simulation.transact;

import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.transact.TransactionClient.Habits;
import java.util.ArrayList;
import java.util.List;

/// Everything that was noted of one run, in one order.
///
/// One thread runs at a time in a simulation, so it needs no lock. Its time counts events.
final class Story {
    private static final int FINDINGS_MAX = 8;

    /// One life of the database, and the transactions that ran in it.
    private record Life(int number, List<Noted> transactions) {}

    private final Simulation simulation;
    private final SimulatedStore store;
    private final Settings settings;
    private final Habits habits;
    private final List<Life> lives = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private long now;
    private int numbers;
    private int elements;
    private int machines;

    Story(Simulation simulation, SimulatedStore store, Settings settings, Habits habits) {
        this.simulation = simulation;
        this.store = store;
        this.settings = settings;
        this.habits = habits;
    }

    Simulation simulation() {
        return simulation;
    }

    SimulatedStore store() {
        return store;
    }

    Settings settings() {
        return settings;
    }

    Habits habits() {
        return habits;
    }

    List<String> findings() {
        return findings;
    }

    String nextMachine() {
        return "machine " + machines++;
    }

    void sometimes(String what) {
        simulation.reached(what);
    }

    void never(String what) {
        simulation.trace("WRONG: " + what);
        if (findings.size() < FINDINGS_MAX) findings.add(what);
    }

    /// A life begins; its clients note here what they do.
    Scene begin(Machine machine) {
        var life = new Life(lives.size(), new ArrayList<>());
        lives.add(life);
        return new Scene() {
            @Override
            public long tick() {
                return ++now;
            }

            @Override
            public int number() {
                return numbers++;
            }

            @Override
            public int element() {
                return ++elements;
            }

            @Override
            public void pause() throws InterruptedException {
                machine.pauseAWhile(20);
            }

            @Override
            public void add(Noted noted) {
                life.transactions.add(noted);
            }

            @Override
            public void sometimes(String what) {
                Story.this.sometimes(what);
            }

            @Override
            public void never(String what) {
                Story.this.never(what + " in life " + life.number);
            }
        };
    }

    /// Holds what was noted to what is promised.
    void judge() {
        var judge =
                new TransactionJudge(
                        habits.level(), lives.stream().map(Life::transactions).toList());
        judge.findings().forEach(this::never);
        boolean isSkewed = habits.level() == IsolationLevel.SNAPSHOT && judge.hasSkew();
        if (isSkewed) sometimes("write skew at snapshot");
    }

    /// How many transactions committed, in the life that they ran in.
    long committed() {
        return lives.stream()
                .flatMap(life -> life.transactions.stream())
                .filter(noted -> noted.inLife().outcome() == Outcome.COMMITTED)
                .count();
    }

    /// How many transactions began.
    long begun() {
        return lives.stream().mapToLong(life -> life.transactions.size()).sum();
    }
}
