package dev.holdfast.simulation.swarm;

import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What everyone in one run shares: the store, the machines, the journal.
final class World {
    /// Where the database lies in the store.
    static final String PATH = "db";

    private final Simulation simulation;
    private final SplittableRandom chance;
    private final RunSettings settings;
    private final Keys keys;
    private final Journal journal;
    private final Observer observer;
    private final StoreFaults faults;
    private final SimulatedStore store;
    private int machines;

    World(Simulation simulation) {
        this.simulation = simulation;
        chance = new SplittableRandom(simulation.seed());
        settings = RunSettings.drawn(chance.split());
        keys = Keys.of(settings);
        journal = new Journal(simulation);
        observer = new Observer(journal, keys);
        faults = faultsDrawn(chance.split());
        store = new SimulatedStore(simulation, faults);
    }

    // One store in four or so keeps no attributes.
    private static StoreFaults faultsDrawn(SplittableRandom chance) {
        StoreFaults drawn = StoreFaults.drawn(chance).without(StoreFault.NO_ATTRIBUTES);
        int others = drawn.rates().values().stream().mapToInt(Integer::intValue).sum();
        return chance.nextInt(4) == 0
                ? drawn.with(StoreFault.NO_ATTRIBUTES, StoreFaults.OF - others)
                : drawn;
    }

    Simulation simulation() {
        return simulation;
    }

    RunSettings settings() {
        return settings;
    }

    Keys keys() {
        return keys;
    }

    Journal journal() {
        return journal;
    }

    Observer observer() {
        return observer;
    }

    SimulatedStore store() {
        return store;
    }

    /// A stream of choices for one actor.
    SplittableRandom chance() {
        return chance.split();
    }

    /// A machine that was not there before.
    Node machine() {
        return simulation.node("machine " + machines++);
    }

    boolean mayStrike(StoreFault... classes) {
        return Arrays.stream(classes).anyMatch(fault -> 0 < faults.rate(fault));
    }

    /// True if `failure` comes of bytes that this run spoils on purpose.
    boolean isDamage(@Nullable Throwable failure) {
        boolean mayBeDamaged = Arrays.stream(StoreFault.values()).anyMatch(this::isDamaging);
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof CorruptData) return mayBeDamaged;
        return false;
    }

    // What is hidden for a moment looks like missing to who must find it.
    private boolean isDamaging(StoreFault fault) {
        boolean isWrong = fault.isCorruption() || fault == StoreFault.INVISIBLE;
        return (isWrong || fault == StoreFault.STALE_LIST) && mayStrike(fault);
    }
}
