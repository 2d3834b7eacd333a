package dev.holdfast.simulation.crash;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.store.Lifetime;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFaults;
import dev.holdfast.simulation.store.StoreTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One run of a [Script] under a [CrashPlan]: machine after machine opens the same database, and
/// each compares what it finds with what was acknowledged.
final class CrashStory {
    private static final StoreTiming TIMING =
            new StoreTiming(
                    Duration.ofMillis(2),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(200));
    private static final Duration LIMIT = Duration.ofHours(12);
    private static final Duration LIFE_MAX = Duration.ofHours(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    // A checkpoint of what was replaced, and the grace after it.
    private static final Duration REPLACED_STAYS = Duration.ofMinutes(17);
    private static final CollectionRules RULES =
            new CollectionRules(Duration.ofSeconds(10), CollectionRules.Sweep.REMOVE);

    private final Script script;
    private final CrashPlan plan;
    private final Simulation simulation;
    private final SimulatedStore store;
    private final CommitBook book = new CommitBook();
    private final List<Lifetime> lives = new ArrayList<>();
    private final List<Node> machines = new ArrayList<>();
    private boolean isThrough;

    CrashStory(Script script, long seed, CrashPlan plan) {
        this.script = script;
        this.plan = plan;
        simulation = new Simulation(seed);
        store = new SimulatedStore(simulation, StoreFaults.none().at(TIMING));
    }

    /// Tells it to the end. Returns what went wrong; empty if nothing did.
    String run() {
        simulation.world().start("director", this::direct);
        simulation.run(LIMIT);
        if (!isThrough) book.report("it did not come to its end");
        FsckReport report = Engine.fsck(store.atRest(), "db");
        if (!report.isSound()) book.report("fsck: " + report.problems());
        return book.problems();
    }

    CommitBook book() {
        return book;
    }

    /// What tells it again.
    String name() {
        return "script=" + script.name() + " seed=" + simulation.seed() + " " + plan;
    }

    /// What the machine of `life`, from 0, called.
    List<Operation> callsOf(int life) {
        return lives.get(life).calls();
    }

    long hash() {
        return simulation.hash();
    }

    // The doomed, one that goes on after them, and one that only looks.
    private void direct() {
        try {
            int doomed = Math.max(1, plan.crashes().size());
            live(0, script.steps());
            for (int life = 1; life <= doomed; life++) live(life, script.afterwards());
            live(doomed + 1, "");
            machines.forEach(Node::kill);
            isThrough = true;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void live(int life, String steps) throws InterruptedException {
        Lifetime lifetime = plan.dooms(life) ? Lifetime.until(plan.of(life)) : Lifetime.unharmed();
        boolean isFirstAfter = life == Math.max(1, plan.crashes().size());
        if (isFirstAfter && 0 <= plan.landsAt()) lifetime.before(plan.landsAt(), store::landHeld);
        lives.add(lifetime);
        Node machine = simulation.node("machine " + life);
        machines.add(machine);
        var program = new Program(life, steps, lifetime, machine.env());
        machine.env().start("program", program::run);
        if (!lifetime.await(simulation.world(), LIFE_MAX))
            book.report("life " + life + " does not come to its end");
        simulation.world().sleep(Duration.ofNanos(1000L * (1 + simulation.chance(5000))));
        if (!script.isTakenOver() || 0 < life) machine.kill();
    }

    /// What runs on one machine.
    private final class Program {
        private final int life;
        private final String steps;
        private final Lifetime lifetime;
        private final Env env;
        private HoldfastDb db;
        private int writersLeft;

        Program(int life, String steps, Lifetime lifetime, Env env) {
            this.life = life;
            this.steps = steps;
            this.lifetime = lifetime;
            this.env = env;
        }

        void run() {
            try {
                open();
                book.compare(db, life);
            } catch (StorageException failed) {
                book.report("life " + life + " does not open: " + failed);
                lifetime.end();
                return;
            }
            if (plan.landsAt() < 0) store.landHeld();
            writersLeft = life == 0 ? script.writers() : 1;
            for (int i = writersLeft; 0 < i; i--) {
                CommitBook.Track track = book.track(life);
                env.start("writer", () -> write(track));
            }
        }

        private void open() {
            Settings settings = life == 0 ? script.first() : script.later();
            db = builder().settings(settings).open();
        }

        private EngineBuilder builder() {
            var link = ObjectStores.patient(store.connect(machines.get(life), lifetime), env);
            return Engine.builder(link, "db").env(env);
        }

        private void compact() throws InterruptedException {
            CompactionSettings all =
                    CompactionSettings.defaults()
                            .withStyle(CompactionSettings.Style.EVERYTHING)
                            .withTableSize(ByteSize.bytes(500));
            Settings settings = script.first().but().compaction(all).build();
            try (StandaloneCompactor compactor = builder().settings(settings).compactor()) {
                compactor.start();
                compactor.awaitIdle(PATIENCE);
            }
        }

        private void collect() throws InterruptedException {
            env.sleep(REPLACED_STAYS);
            builder().collect(RULES);
        }

        private void write(CommitBook.Track track) {
            try {
                for (int i = 0; i < steps.length(); i++) step(steps.charAt(i), track);
                if (life != 0 && writersLeft == 1) db.close();
            } catch (StorageException failed) {
                boolean isFenced =
                        failed instanceof Closed end && end.reason() == Closed.Reason.FENCED;
                boolean isSuperseded = life + 1 < lives.size();
                if (!isSuperseded) book.report("life " + life + " fails: " + failed);
                else if (!isFenced) book.report("not told that it is fenced: " + failed);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            if (--writersLeft == 0) lifetime.end();
        }

        private void step(char step, CommitBook.Track track) throws InterruptedException {
            switch (step) {
                case 'm' -> commit(track, 1, Durability.MEMORY);
                case 'r' -> commit(track, 1, Durability.REMOTE);
                case 'b' -> commit(track, 4, Durability.MEMORY);
                case 'B' -> commit(track, 4, Durability.REMOTE);
                case 'f' -> {
                    db.flush();
                    track.acknowledge();
                }
                case 'F' -> {
                    db.flushMemtables();
                    track.acknowledge();
                }
                case 'c' -> {
                    db.close();
                    track.acknowledge();
                    open();
                }
                case 'k' -> compact();
                case 'g' -> collect();
                case 't' -> lifetime.end();
                case 'w' -> env.sleep(Duration.ofMillis(1 + simulation.chance(20)));
                default -> throw new AssertionError("no such step: " + step);
            }
        }

        private void commit(CommitBook.Track track, int rows, Durability durability) {
            track.sequenced(db.write(track.next(rows), durability));
            if (durability == Durability.REMOTE) track.acknowledge();
        }
    }
}
