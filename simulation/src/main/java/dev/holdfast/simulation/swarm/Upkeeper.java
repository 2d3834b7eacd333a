package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Env;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.StandaloneWorker;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.RunSettings;
import dev.holdfast.simulation.swarm.stage.World;
import java.time.Duration;
import java.util.SplittableRandom;

/// Whoever compacts or collects the database from a machine without a writer: it works for a while,
/// stops, is killed or frozen, and comes again on another machine.
final class Upkeeper {
    private static final int WORK_MILLIS_MAX = 8_000;
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration SLACK = Duration.ofSeconds(2);

    /// What it does.
    enum Duty {
        /// Merges tables.
        COMPACT,
        /// Removes what nothing needs.
        COLLECT,
        /// Takes parts of the compactions of others.
        WORK
    }

    private final World world;
    private final Journal journal;
    private final Duty duty;
    private final SplittableRandom chance;
    private boolean isLeaving;

    Upkeeper(World world, Duty duty) {
        this.world = world;
        this.duty = duty;
        journal = world.journal();
        chance = world.chance();
    }

    void boot() {
        world.simulation().world().start("upkeep", this::live);
    }

    void leave() {
        isLeaving = true;
    }

    private void live() {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> journal.never("upkeep: " + broken));
        Env env = world.simulation().world();
        try {
            while (!isLeaving) {
                env.sleep(Duration.ofMillis(1 + chance.nextInt(3_000)));
                Node machine = world.machine();
                Runnable work =
                        switch (duty) {
                            case COMPACT -> () -> compact(machine);
                            case COLLECT -> () -> collect(machine);
                            case WORK -> () -> work(machine);
                        };
                machine.env().start(duty + " on " + machine.name(), () -> guarded(work));
                env.sleep(Duration.ofMillis(1 + chance.nextInt(2 * WORK_MILLIS_MAX)));
                disturb(machine);
            }
        } catch (InterruptedException interrupted) {
            journal.never("upkeep was interrupted: " + interrupted);
        }
    }

    // Its successor begins while it is still there: the one fences the other.
    private void disturb(Node machine) throws InterruptedException {
        switch (chance.nextInt(4)) {
            case 0 -> {
                machine.kill();
                journal.sometimes("upkeep killed");
            }
            case 1 -> {
                machine.pause();
                world.simulation().world().sleep(Duration.ofMillis(1 + chance.nextInt(90_000)));
                machine.resume();
            }
            default -> {}
        }
    }

    private void guarded(Runnable work) {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> journal.never(duty + ": " + broken));
        work.run();
    }

    private void compact(Node machine) {
        Env env = machine.env();
        StandaloneCompactor compactor = builder(machine).compactor();
        try {
            compactor.start();
            env.sleep(Duration.ofMillis(1 + world.simulation().chance(WORK_MILLIS_MAX)));
            long before = compactor.progress().compactions();
            long began = env.nanoTime();
            compactor.stop(Mode.FAST, STOP);
            Duration used = Duration.ofNanos(env.nanoTime() - began);
            if (STOP.plus(SLACK).multipliedBy(40).compareTo(used) < 0)
                journal.never("a compactor's stop took " + used);
            if (0 < before) journal.sometimes("compacted elsewhere");
        } catch (StorageException failed) {
            judge(failed);
        } catch (InterruptedException interrupted) {
            journal.never("a compactor was interrupted: " + interrupted);
        }
    }

    private void collect(Node machine) {
        try {
            var rules = new CollectionRules(RunSettings.COLLECTED_AFTER, Sweep.REMOVE);
            CollectionReport report = world.engineOn(machine).collect(rules);
            if (0 < report.objects()) journal.sometimes("collected elsewhere");
            if (0 < report.tables()) journal.sometimes("tables collected elsewhere");
        } catch (StorageException failed) {
            judge(failed);
        }
    }

    private void work(Node machine) {
        Env env = machine.env();
        var manner = StandaloneWorker.Manner.untilStopped("w" + journal.number());
        StandaloneWorker worker = builder(machine).worker(manner);
        try {
            worker.start();
            env.sleep(Duration.ofMillis(1 + world.simulation().chance(4 * WORK_MILLIS_MAX)));
            if (0 < worker.progress().done()) journal.sometimes("part done by a worker");
            worker.stop(Mode.FAST, STOP);
        } catch (StorageException failed) {
            judge(failed);
        } catch (InterruptedException interrupted) {
            journal.never("a worker was interrupted: " + interrupted);
        }
    }

    private EngineBuilder builder(Node machine) {
        RunSettings settings = world.settings();
        return world.engineOn(machine)
                .settings(
                        settings.engine().but().compaction(settings.upkeep().compaction()).build());
    }

    private void judge(StorageException failed) {
        boolean isExpected =
                switch (failed) {
                    case Unavailable _ -> true;
                    case Closed closed -> closed.reason() == Closed.Reason.FENCED;
                    case Invalid _ -> isBeforeAll();
                    case CorruptData _ -> world.isDamage(failed);
                    default -> false;
                };
        if (isExpected) journal.sometimes(duty + " failed: " + failed.getClass().getSimpleName());
        else journal.never(duty + " failed: " + failed);
    }

    private boolean isBeforeAll() {
        return journal.lives().isEmpty()
                || world.mayStrike(StoreFault.STALE_LIST, StoreFault.INVISIBLE);
    }
}
