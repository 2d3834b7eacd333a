package dev.holdfast.simulation;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.Lifetime;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A machine that works on a database until it has done its work or is killed at a chosen call to
/// its store, and another one that opens what is left.
final class CrashWorld {
    /// What a machine does with its database.
    @FunctionalInterface
    interface Work {
        void run(HoldfastDb db, Env env) throws InterruptedException;
    }

    /// The database's place in the store.
    static final String PATH = "db";

    private static final Duration LIFE_MAX = Duration.ofMinutes(2);
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final Simulation simulation;
    private final SimulatedStore store;
    private final Node first;
    private Settings settings =
            Settings.defaults()
                    .but()
                    .untended()
                    .l0SstSize(ByteSize.kibibytes(2))
                    .walPutIntervalMin(Duration.ofMillis(1))
                    .build();
    private Runnable autopsy = () -> {};
    private Lifetime life = Lifetime.unharmed();
    private boolean isChecked;

    CrashWorld(long seed) {
        this(seed, StoreFaults.none());
    }

    CrashWorld(long seed, StoreFaults faults) {
        simulation = new Simulation(seed);
        store = new SimulatedStore(simulation, faults);
        first = simulation.node("first");
    }

    CrashWorld under(Settings chosen) {
        settings = chosen;
        return this;
    }

    /// Has `look` called once the first machine is dead, before the second one opens anything.
    CrashWorld whenDead(Runnable look) {
        autopsy = look;
        return this;
    }

    /// Lets the first machine do `work`, kills it at `crash` or, if there is none, after that, and
    /// lets the second one do `check` on what is left.
    void run(@Nullable CrashPoint crash, Work work, Work check) {
        if (crash != null) life = Lifetime.until(crash);
        simulation.world().start("director", () -> direct(work, check));
        simulation.run(LIMIT);
        if (!isChecked) throw new AssertionError("the second machine did not come to its end");
    }

    private void direct(Work work, Work check) {
        first.env().start("work", () -> serve(store.connect(first, life), work));
        life.await(simulation.world(), LIFE_MAX);
        first.kill();
        autopsy.run();
        Node second = simulation.node("second");
        second.env().start("check", () -> verify(second.env(), check));
    }

    private void serve(ObjectStore link, Work work) {
        try {
            work.run(open(link, first.env()), first.env());
        } catch (StorageException ended) {
            simulation.trace("work ends: " + ended.getClass());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        life.end();
    }

    private void verify(Env env, Work check) {
        try (HoldfastDb db = open(store.atRest(), env)) {
            check.run(db, env);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        isChecked = true;
    }

    private HoldfastDb open(ObjectStore link, Env env) {
        return Engine.builder(link, PATH).settings(settings).env(env).open();
    }

    /// How many calls the first machine made to its store.
    int calls() {
        return life.calls().size();
    }

    /// What lies in the store.
    ObjectStore left() {
        return store.atRest();
    }

    /// A number below `bound`, from the seed.
    int chance(int bound) {
        return simulation.chance(bound);
    }

    /// The deaths at call number `call`.
    static List<CrashPoint> deathsAt(long call) {
        return List.of(
                new CrashPoint(call, CrashPoint.Way.BEFORE),
                new CrashPoint(call, CrashPoint.Way.APPLIED));
    }
}
