package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.ChangesMissing;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.OwnedElsewhere;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.check.Life;
import dev.holdfast.simulation.swarm.act.Client;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.Session;
import dev.holdfast.simulation.swarm.stage.World;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A process on a machine of its own that opens the database, serves clients, and stops when its
/// time has come.
final class Server {
    private static final int ATTEMPTS_MAX = 30;
    private static final int PAUSE_MILLIS_MAX = 2_000;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration SLACK = Duration.ofSeconds(2);

    /// What a server is there for.
    enum Role {
        /// To serve clients until its time has come.
        SERVE,
        /// To show that the database can be opened, written to and closed.
        PROVE
    }

    private final World world;
    private final Journal journal;
    private final Node node;
    private final Env env;
    private final Role role;
    private @Nullable Session session;
    private boolean isLeaving;
    private boolean isStopping;
    private boolean hasLeft;
    private boolean isDead;
    private long pauses;
    private int stopsUnderWay;
    private boolean isPaused;

    Server(World world, Role role) {
        this.world = world;
        this.role = role;
        journal = world.journal();
        node = world.machine();
        env = node.env();
    }

    void boot() {
        journal.note("* boot " + node.name());
        env.start("main of " + node.name(), this::live);
    }

    void kill() {
        isDead = true;
        hasLeft = true;
        journal.note("* kill " + node.name());
        node.kill();
    }

    void pause() {
        isPaused = true;
        pauses++;
        journal.note("* pause " + node.name());
        node.pause();
    }

    void resume() {
        if (!isPaused || isDead) return;
        isPaused = false;
        journal.note("* resume " + node.name());
        node.resume();
    }

    /// True once it does nothing any more.
    boolean hasLeft() {
        return hasLeft;
    }

    boolean isServing() {
        return !hasLeft && !isLeaving && session != null;
    }

    String name() {
        return node.name();
    }

    /// Has it stop as an operator would.
    void stop(Mode mode, Duration budget) {
        Session current = session;
        isLeaving = true;
        if (current == null || hasLeft) return;
        isStopping = true;
        journal.note("* stop " + name() + " " + mode + " within " + budget.toMillis() + " ms");
        env.start("stopper of " + name(), () -> stopped(current, mode, budget));
    }

    /// Has it begin no other life.
    void retire() {
        isLeaving = true;
    }

    private void live() {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> journal.never(name() + ": " + broken));
        try {
            boolean isWanted = true;
            for (int i = 0; i < ATTEMPTS_MAX && isWanted && !isLeaving; i++) {
                isWanted = !hasLived();
                if (isWanted) env.sleep(Duration.ofMillis(pauseMillis()));
            }
        } catch (InterruptedException interrupted) {
            journal.never(name() + " was interrupted: " + interrupted);
        }
        journal.note("* left " + name());
        hasLeft = true;
    }

    private int pauseMillis() {
        return 1 + world.simulation().chance(PAUSE_MILLIS_MAX);
    }

    // False if there is reason to try again.
    private boolean hasLived() throws InterruptedException {
        Journal.Opening opening = journal.opening();
        long began = env.nanoTime();
        HoldfastDb db;
        try {
            db = world.engineOn(node).open();
        } catch (StorageException failed) {
            journal.note("* " + name() + " cannot open: " + failed.getMessage());
            judge(failed);
            return false;
        }
        Session own = begin(db, opening);
        session = own;
        journal.note(
                "* "
                        + name()
                        + " opened life "
                        + own.life()
                        + " in "
                        + (env.nanoTime() - began) / 1_000_000
                        + " ms");
        if (role == Role.PROVE) return new Proof(this, own).isGiven();
        return serve(own);
    }

    private Session begin(HoldfastDb db, Journal.Opening opening) throws InterruptedException {
        int number = journal.number();
        opening.became(number);
        long epoch = db.stats().writerEpoch();
        long base = db.watermarks().applied();
        journal.add(new Life(number, epoch, base, journal.tick()));
        if (0 < db.stats().walRecordsReplayed()) journal.sometimes("recovery with replay");
        var own = new Session(world, db, env, number);
        own.observe("opener of life " + number);
        return own;
    }

    private boolean serve(Session own) throws InterruptedException {
        for (int i = 0; i < world.settings().clients(); i++)
            env.start("client " + i + " of " + name(), new Client(own));
        while (!own.hasEnded() && !isLeaving) {
            env.sleep(LOOK);
            own.look();
        }
        if (0 < own.db().stats().sortedRuns()) journal.sometimes("compacted");
        boolean wasFenced = own.wasFenced();
        if (!isStopping) stopped(own, Mode.FAST, STOP);
        return wasFenced;
    }

    /// Stops `own`, and holds the engine to what it says about that.
    ShutdownReport stopped(Session own, Mode mode, Duration budget) {
        boolean isFirst = stopsUnderWay++ == 0; // a later one joins it, and waits as long
        long pausesBefore = pauses;
        long began = env.nanoTime();
        ShutdownReport report = own.db().shutdown(mode, budget);
        Duration used = Duration.ofNanos(env.nanoTime() - began);
        journal.note("* life " + own.life() + " stopped: " + report.exitCode());
        stopsUnderWay--;
        if (isFirst && pauses == pausesBefore && budget.plus(SLACK).compareTo(used) < 0)
            journal.never("a stop within " + budget + " took " + used);
        if (report.exitCode() == ExitCode.CLEAN) own.allBecameDurable();
        else journal.sometimes("stop was " + report.exitCode());
        own.look();
        return report;
    }

    private void judge(StorageException failed) {
        switch (failed) {
            case Unavailable _ -> journal.sometimes("opening unavailable");
            case Closed closed -> {
                if (closed.reason() == Closed.Reason.FENCED) journal.sometimes("opener fenced");
                else journal.never("opening failed: " + closed);
            }
            case CorruptData damage -> {
                if (world.isDamage(damage)) journal.sometimes("opening met damage");
                else journal.never("damage that nobody did: " + damage);
            }
            case Conflict _, Invalid _, OwnedElsewhere _, ChangesMissing _ ->
                    journal.never("opening failed: " + failed);
        }
    }
}
