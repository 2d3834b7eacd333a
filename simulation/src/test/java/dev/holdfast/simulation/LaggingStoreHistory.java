package dev.holdfast.simulation;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import dev.holdfast.simulation.store.StoreTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A machine takes a database over while another writes to it, in a store that does not show at
/// once what it has stored: everything acknowledged is found.
public final class LaggingStoreHistory implements History {
    private static final int WRITES_MAX = 200;
    private static final StoreTiming TIMING =
            new StoreTiming(
                    Duration.ofMillis(20),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1));

    @Override
    public String name() {
        return "lagging-store";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        var faults = StoreFaults.only(StoreFault.INVISIBLE, StoreFaults.OF / 4).at(TIMING);
        var store = new SimulatedStore(simulation, faults);
        var acknowledged = new ArrayList<String>();
        var wrong = new ArrayList<String>();
        Node first = simulation.node("first");
        first.env().start("writer", () -> write(store, first, acknowledged));
        Node second = simulation.node("second");
        second.env()
                .start(
                        "taker",
                        () -> {
                            sleep(second.env(), 300 + simulation.chance(500));
                            takeOver(store, second, acknowledged, wrong);
                        });
        simulation.run(Duration.ofMinutes(30));
        if (!wrong.isEmpty()) throw new AssertionError("seed=" + simulation.seed() + ": " + wrong);
    }

    private static HoldfastDb open(SimulatedStore store, Node machine) {
        return Engine.builder(store.connect(machine), CrashWorld.PATH).env(machine.env()).open();
    }

    private static void write(SimulatedStore store, Node machine, List<String> acknowledged) {
        try (HoldfastDb db = open(store, machine)) {
            for (int i = 0; i < WRITES_MAX; i++) {
                String key = "key " + i;
                db.write(new WriteBatch().put(Bytes.utf8(key), Bytes.EMPTY), Durability.REMOTE);
                acknowledged.add(key);
            }
        } catch (StorageException fenced) {
            // by the other one, as must happen
        }
    }

    private static void takeOver(
            SimulatedStore store, Node machine, List<String> acknowledged, List<String> wrong) {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (HoldfastDb db = open(store, machine)) {
                for (String key : acknowledged)
                    if (db.get(Bytes.utf8(key)) == null) wrong.add("lost " + key);
                return;
            } catch (StorageException.Unavailable | StorageException.CorruptData lagging) {
                sleep(machine.env(), 100); // what it cannot see yet it must not do without
            }
        }
        wrong.add("never opened");
    }

    private static void sleep(Env env, int millis) {
        try {
            env.sleep(Duration.ofMillis(millis));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
