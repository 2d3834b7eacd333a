package dev.holdfast.simulation.history;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.FaultPlan;
import dev.holdfast.objectstore.fault.FaultRates;
import dev.holdfast.objectstore.fault.FaultStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import dev.holdfast.objectstore.retry.RetryPolicy;
import dev.holdfast.objectstore.retry.RetryingStore;
import dev.holdfast.simulation.DistantStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// Several writers on one machine under an unreliable store; the machine is killed at a random
/// instant, another opens what is left, and compares it with what was acknowledged.
public final class EngineCrashHistory implements History {
    private static final int WRITERS = 3;
    private static final int KEYS = 40;

    private final Durability durability;

    public EngineCrashHistory() {
        this(Durability.REMOTE);
    }

    /// @param durability what writers wait for; less than REMOTE is a planted bug
    public EngineCrashHistory(Durability durability) {
        this.durability = durability;
    }

    @Override
    public String name() {
        return "engine-crash";
    }

    @Override
    public void run(Simulation simulation) {
        var run = new Run(simulation, durability);
        simulation.world().start("director", run::direct);
        simulation.run(Duration.ofMinutes(30));
        run.judge();
    }

    /// One telling of it: what was asked, what was acknowledged, what was found.
    private static final class Run {
        private final Simulation simulation;
        private final Durability durability;
        private final ObjectStore store;
        private final FaultStore faults;
        private final Map<Integer, Integer> acknowledged = new TreeMap<>();
        private final Map<Integer, Integer> asked = new TreeMap<>();
        private String wrong = "";
        private boolean isVerified;

        Run(Simulation simulation, Durability durability) {
            this.simulation = simulation;
            this.durability = durability;
            faults =
                    new FaultStore(
                            new MemoryStore(),
                            FaultPlan.seeded(simulation.seed(), FaultRates.unreliable()),
                            simulation.world());
            var distant = new DistantStore(faults, simulation, Duration.ofMillis(20));
            store = new RetryingStore(distant, RetryPolicy.defaults(), simulation.world());
        }

        void judge() {
            long seed = simulation.seed();
            if (!wrong.isEmpty()) throw new AssertionError("seed=" + seed + ": " + wrong);
            if (!isVerified) {
                throw new AssertionError("seed=" + seed + ": the second machine did not end");
            }
            if (0 < faults.struck()) simulation.reached("fault");
            if (!acknowledged.isEmpty()) simulation.reached("acknowledged");
        }

        private void direct() {
            try {
                Node first = simulation.node("first");
                first.env().start("opener", () -> serve(first.env()));
                simulation.world().sleep(Duration.ofMillis(200 + simulation.chance(5_000)));
                first.kill();
                faults.follow(FaultPlan.none());
                Node second = simulation.node("second");
                second.env().start("verifier", () -> verify(second.env()));
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        private HoldfastDb open(Env env) {
            Settings settings =
                    Settings.defaults()
                            .but()
                            .l0SstSize(ByteSize.kibibytes(2))
                            .walPutIntervalMin(Duration.ofMillis(1))
                            .build();
            return Engine.builder(store, "db").settings(settings).env(env).open();
        }

        private void serve(Env env) {
            try {
                HoldfastDb db = open(env);
                for (int i = 0; i < WRITERS; i++) {
                    int writer = i;
                    env.start("writer " + i, () -> write(db, writer, env));
                }
            } catch (StorageException failed) {
                simulation.trace("not opened: " + failed);
                simulation.reached("not opened");
            }
        }

        /// Each writer owns its keys, and writes rising numbers to them.
        private void write(HoldfastDb db, int writer, Env env) {
            try {
                for (int number = 1; number < 10_000; number++) {
                    int key = writer + WRITERS * simulation.chance(KEYS);
                    asked.put(key, number);
                    db.write(new WriteBatch().put(keyOf(key), valueOf(number)), durability);
                    acknowledged.put(key, number);
                    simulation.reached("acknowledgements");
                    simulation.trace("ack " + key + " " + number);
                    env.sleep(Duration.ofMillis(simulation.chance(10)));
                }
            } catch (StorageException failed) {
                simulation.trace("writer " + writer + " ends: " + failed.getClass());
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        private void verify(Env env) {
            try (HoldfastDb db = open(env)) {
                for (Map.Entry<Integer, Integer> each : asked.entrySet()) {
                    check(db, each.getKey(), each.getValue());
                }
            } catch (StorageException failed) {
                wrong += "second machine: " + failed + "\n";
            }
            isVerified = true;
        }

        private void check(HoldfastDb db, int key, int lastAsked) {
            Bytes found = db.get(keyOf(key));
            int least = acknowledged.getOrDefault(key, 0);
            int number = found == null ? 0 : Integer.parseInt(found.toUtf8().strip());
            if (number < least || lastAsked < number) {
                wrong += key + ": acknowledged " + least + ", found " + number + "\n";
            }
        }

        private static Bytes keyOf(int key) {
            return Bytes.utf8("key" + key);
        }

        private static Bytes valueOf(int number) {
            return Bytes.utf8("%100d".formatted(number));
        }
    }
}
