package dev.holdfast.simulation.crash;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.store.Corruption;
import dev.holdfast.simulation.store.Lifetime;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;

/// One run under a store that goes wrong: a machine writes from two threads and is killed at some
/// instant, the next ones open, look and write on; the last ones find the store well again, before
/// and after all that was late has arrived.
///
/// An opener may be refused for a while by a store that does not answer. It may never be told that
/// data is damaged if it is not, nor be fenced by nobody, nor be shown anything wrong.
final class FaultStory {
    private static final int WRITERS = 2;
    private static final int COMMITS = 25;
    private static final int OPENINGS_MAX = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Settings SETTINGS =
            Settings.defaults()
                    .but()
                    .untended()
                    .flushInterval(Duration.ofMillis(20))
                    .l0SstSize(ByteSize.kibibytes(2))
                    .unflushedMax(ByteSize.kibibytes(16))
                    .blockCacheSize(ByteSize.bytes(1))
                    .filterKeysMin(1)
                    .build();

    private final Simulation simulation;
    private final StoreFaults faults;
    private final SimulatedStore store;
    private final CommitBook book = new CommitBook();
    private int lives;
    private boolean isThrough;

    FaultStory(long seed, StoreFaults faults) {
        this.faults = faults;
        simulation = new Simulation(seed);
        store = new SimulatedStore(simulation, faults);
    }

    /// Tells it to the end. Returns what went wrong; empty if nothing did.
    String run() {
        simulation.world().start("director", this::direct);
        simulation.run(Duration.ofHours(12));
        if (!isThrough) book.report("it did not come to its end");
        if (faults.corruption() == Corruption.ON_THE_WAY) checkObjects();
        return book.problems();
    }

    private void checkObjects() {
        FsckReport report = Engine.fsck(store.atRest(), "db");
        if (!report.isSound()) book.report("fsck: " + report.problems());
    }

    CommitBook book() {
        return book;
    }

    SimulatedStore store() {
        return store;
    }

    private void direct() {
        try {
            for (int i = 0; i < 3; i++) live(COMMITS, Duration.ofMillis(50 + drawn(6_000)));
            store.follow(faults.corruption() == Corruption.AT_REST ? faults : healed());
            live(COMMITS, PATIENCE);
            simulation.world().sleep(faults.timing().lateMax().plus(PATIENCE));
            live(1, PATIENCE);
            isThrough = true;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private StoreFaults healed() {
        return StoreFaults.none().at(faults.timing());
    }

    private int drawn(int bound) {
        return simulation.chance(bound);
    }

    private void live(int commits, Duration span) throws InterruptedException {
        Node machine = simulation.node("machine " + lives);
        var program = new Program(lives++, commits, machine);
        machine.env().start("program", program::run);
        boolean isOver = program.lifetime.await(simulation.world(), span);
        if (!isOver && span == PATIENCE) book.report("hangs: " + machine.name());
        machine.kill();
    }

    /// What runs on one machine.
    private final class Program {
        private final int life;
        private final int commits;
        private final Env env;
        private final Node machine;
        private final Lifetime lifetime = Lifetime.unharmed();
        private int writersLeft = WRITERS;

        Program(int life, int commits, Node machine) {
            this.life = life;
            this.commits = commits;
            this.machine = machine;
            env = machine.env();
        }

        void run() {
            try {
                HoldfastDb db = open();
                if (db == null) {
                    lifetime.end();
                    return;
                }
                book.compare(db, life);
                for (int i = 0; i < WRITERS; i++) {
                    CommitBook.Track track = book.track(life);
                    env.start("writer", () -> write(db, track));
                }
            } catch (CorruptData damaged) {
                met(damaged);
                lifetime.end();
            } catch (StorageException.Unavailable unanswered) {
                lifetime.end(); // a scan that the store did not answer
            }
        }

        private HoldfastDb open() {
            var link = ObjectStores.patient(store.connect(machine, lifetime), env);
            for (int attempt = 0; attempt < OPENINGS_MAX; attempt++) {
                try {
                    return Engine.builder(link, "db").settings(SETTINGS).env(env).open();
                } catch (StorageException.Unavailable notNow) {
                    simulation.trace("not opened: " + notNow.getMessage());
                }
            }
            if (store.faults().rates().isEmpty()) book.report("a sound store does not open");
            return null;
        }

        private void write(HoldfastDb db, CommitBook.Track track) {
            try {
                for (int i = 0; i < commits; i++) {
                    boolean isDurable = drawn(3) == 0;
                    Durability durability = isDurable ? Durability.REMOTE : Durability.MEMORY;
                    track.sequenced(db.write(track.next(1 + drawn(5)), durability));
                    if (isDurable) track.acknowledge();
                    if (drawn(2) == 0) track.compareOne(db, drawn(CommitBook.KEYS));
                    env.sleep(Duration.ofMillis(drawn(40)));
                }
                db.flushMemtables();
                track.acknowledge();
                for (int i = 0; i < CommitBook.KEYS; i++) track.compareOne(db, i);
            } catch (CorruptData damaged) {
                met(damaged);
            } catch (Closed closed) {
                if (closed.reason() == Closed.Reason.FENCED)
                    book.report("fenced by nobody: " + closed);
                else met(closed);
            } catch (StorageException.Unavailable unanswered) {
                simulation.trace("given up: " + unanswered.getMessage());
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            if (--writersLeft == 0) lifetime.end();
        }

        private void met(StorageException failure) {
            simulation.reached("failed: " + failure.getClass().getSimpleName());
            if (faults.corruption() == Corruption.ON_THE_WAY)
                book.report("life " + life + ": " + failure);
            else if (!failure.getMessage().contains("object="))
                book.report("names no object: " + failure);
        }
    }
}
