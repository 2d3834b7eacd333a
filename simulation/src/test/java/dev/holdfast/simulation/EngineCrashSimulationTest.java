package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The real engine in a simulated world: writers are killed with their machine at a random instant,
/// another machine opens what is left. `-Dsimulation.seed=7` repeats one run.
@Timeout(120)
class EngineCrashSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 25);
    private static final int WRITERS = 3;
    private static final int KEYS = 40;

    static LongStream seeds() {
        String one = System.getProperty("simulation.seed");
        if (one != null) return LongStream.of(Long.parseLong(one));
        long fresh = System.nanoTime() % 1_000_000_000L;
        return LongStream.concat(
                LongStream.range(0, SEEDS), LongStream.range(fresh, fresh + SEEDS / 5));
    }

    private static long runs;
    private static long acknowledgements;
    private static long faultsMet;
    private static long unopened;
    private static Duration virtualTime = Duration.ZERO;

    /// A run in which nothing happens proves nothing.
    @AfterAll
    static void shouldHaveMetWhatMatters() {
        System.out.printf(
                "simulated: %d runs, %d writes acknowledged, %d faults, %d not opened, %d s%n",
                runs, acknowledgements, faultsMet, unopened, virtualTime.toSeconds());
        if (runs < SEEDS) return;
        assertTrue(20 * runs < acknowledgements, "acknowledged " + acknowledgements);
        assertTrue(runs < faultsMet, "faults " + faultsMet);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEveryAcknowledgedWriteWhenItsMachineDies(long seed) {
        var first = new History(seed, Durability.REMOTE);
        first.run();
        assertEquals("", first.fault, "seed=" + seed);
        assertTrue(first.isVerified, "the second machine did not come to its end. seed=" + seed);

        runs++;
        acknowledgements += first.acknowledgements;
        faultsMet += first.faults.struck();
        if (first.asked.isEmpty()) unopened++;
        virtualTime = virtualTime.plus(first.simulation.elapsed());

        var second = new History(seed, Durability.REMOTE);
        second.run();
        assertEquals(first.simulation.hash(), second.simulation.hash(), "seed=" + seed);
        assertEquals(first.acknowledged, second.acknowledged, "seed=" + seed);
    }

    /// The planted bug: an acknowledgement before the log object is in the store.
    @Test
    void shouldFindAWriterThatAcknowledgesTooEarly() {
        long seed = 0;
        var history = new History(seed, Durability.MEMORY);
        history.run();
        while (history.fault.isEmpty() && seed < 200) {
            history = new History(++seed, Durability.MEMORY);
            history.run();
        }
        System.out.println("planted bug found at seed " + seed);
        assertTrue(history.fault.contains("acknowledged"), "not found in " + seed + " seeds");
    }

    /// One run: what was asked, what was acknowledged, what was found.
    private static final class History {
        private final Simulation simulation;
        private final ObjectStore store;
        private final FaultStore faults;
        private final Map<Integer, Integer> acknowledged = new TreeMap<>();
        private final Map<Integer, Integer> asked = new TreeMap<>();
        private long acknowledgements;
        private String fault = "";
        private boolean isVerified;

        private final Durability durability;

        History(long seed, Durability durability) {
            this.durability = durability;
            simulation = new Simulation(seed);
            faults =
                    new FaultStore(
                            new MemoryStore(),
                            FaultPlan.seeded(seed, FaultRates.unreliable()),
                            simulation.world());
            var distant = new DistantStore(faults, simulation, Duration.ofMillis(20));
            store = new RetryingStore(distant, RetryPolicy.defaults(), simulation.world());
        }

        void run() {
            simulation.world().start("director", this::direct);
            simulation.run(Duration.ofMinutes(30));
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
                    acknowledgements++;
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
                fault += "second machine: " + failed + "\n";
            }
            isVerified = true;
        }

        private void check(HoldfastDb db, int key, int lastAsked) {
            Bytes found = db.get(keyOf(key));
            int least = acknowledged.getOrDefault(key, 0);
            int number = found == null ? 0 : Integer.parseInt(found.toUtf8().strip());
            if (number < least || lastAsked < number) {
                fault += key + ": acknowledged " + least + ", found " + number + "\n";
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
