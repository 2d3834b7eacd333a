package dev.holdfast.simulation;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Machines that open the same database at the same time, while replies get lost: no two of them
/// write under one epoch.
public final class OpenersHistory implements History {
    private static final int MACHINES = 4;

    @Override
    public String name() {
        return "openers";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        var faults = StoreFaults.only(StoreFault.REPLY_LOST, StoreFaults.OF / 20);
        var store = new SimulatedStore(simulation, faults);
        var epochs = new ArrayList<Long>();
        for (int i = 0; i < MACHINES; i++) {
            Node machine = simulation.node("machine " + i);
            machine.env().start("opener", () -> open(store, machine, epochs));
        }
        simulation.run(Duration.ofMinutes(30));
        if (new HashSet<>(epochs).size() < epochs.size())
            throw new AssertionError("seed=" + simulation.seed() + ": writers of epochs " + epochs);
    }

    private static void open(SimulatedStore store, Node machine, List<Long> epochs) {
        try (HoldfastDb db =
                Engine.builder(store.connect(machine), CrashWorld.PATH).env(machine.env()).open()) {
            epochs.add(db.stats().writerEpoch());
        } catch (StorageException fenced) {
            // by one of the others, as must happen
        }
    }
}
