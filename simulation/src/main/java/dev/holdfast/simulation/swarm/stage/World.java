package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What everyone in one run shares: the store, the machines, the journal.
public final class World {
    /// Where the database lies in the store.
    public static final String PATH = "db";

    private static final MergeOperator APPENDING =
            MergeOperator.oneByOne((_, existing, operand) ->
                    existing == null ? operand : Bytes.utf8(existing.toUtf8() + operand.toUtf8()));

    private final Simulation simulation;
    private final SplittableRandom chance;
    private final RunSettings settings;
    private final Keys keys;
    private final Journal journal;
    private final Observer observer;
    private final StoreFaults faults;
    private final SimulatedStore store;
    private int machines;

    public World(Simulation simulation, RunSettings.Scope scope) {
        this.simulation = simulation;
        chance = new SplittableRandom(simulation.seed());
        settings = RunSettings.drawn(chance.split(), scope);
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

    public Simulation simulation() {
        return simulation;
    }

    public RunSettings settings() {
        return settings;
    }

    public Keys keys() {
        return keys;
    }

    public Journal journal() {
        return journal;
    }

    public Observer observer() {
        return observer;
    }

    public SimulatedStore store() {
        return store;
    }

    /// A stream of choices for one actor.
    public SplittableRandom chance() {
        return chance.split();
    }

    /// A machine that was not there before.
    public Node machine() {
        return simulation.node("machine " + machines++);
    }

    /// What opens the database from `machine`, with the engine of this run.
    public EngineBuilder engineOn(Node machine) {
        return engineOver(linkOf(machine), machine.env());
    }

    /// The same by way of `link`, in the world of `env`.
    public EngineBuilder engineOver(ObjectStore link, Env env) {
        return Engine.builder(link, PATH)
                .settings(settings.engine())
                .mergeOperator(APPENDING)
                .env(env);
    }

    /// The store as a program on `machine` sees it.
    public ObjectStore linkOf(Node machine) {
        return ObjectStores.patient(store.connect(machine), machine.env());
    }

    public boolean mayStrike(StoreFault... classes) {
        return Arrays.stream(classes).anyMatch(fault -> 0 < faults.rate(fault));
    }

    /// True if `failure` comes of bytes that this run spoils on purpose.
    public boolean isDamage(@Nullable Throwable failure) {
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
