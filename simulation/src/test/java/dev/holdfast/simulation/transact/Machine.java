package dev.holdfast.simulation.transact;

import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.simulation.Node;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A process on a machine of its own that opens the database and has clients use transactions.
final class Machine {
    private static final int ATTEMPTS_MAX = 30;
    private static final int CLIENTS_MAX = 6;
    private static final int OPERATIONS_MAX = 150;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(10);

    /// What a machine is there for.
    enum Role {
        /// To serve clients until its time has come.
        SERVE,
        /// To show that the database can be opened and used, and that nothing stays of transactions
        /// which nobody closes.
        PROVE
    }

    private final Story story;
    private final Role role;
    private final Node node;
    private final Env env;
    private final SplittableRandom chance;
    private @Nullable HoldfastDb db;
    private @Nullable Closed end;
    private boolean isLeaving;
    private boolean isStopping;
    private boolean hasLeft;
    private int working;

    Machine(Story story, Role role) {
        this.story = story;
        this.role = role;
        node = story.simulation().node(story.nextMachine());
        env = node.env();
        chance = new SplittableRandom(story.simulation().chance(1 << 30));
    }

    Machine booted() {
        env.start("main of " + name(), this::live);
        return this;
    }

    String name() {
        return node.name();
    }

    void kill() {
        if (hasLeft) return;
        hasLeft = true;
        node.kill();
    }

    void pause() {
        if (!hasLeft) node.pause();
    }

    void resume() {
        node.resume();
    }

    boolean hasLeft() {
        return hasLeft;
    }

    void retire() {
        isLeaving = true;
    }

    void stop(Mode mode) {
        isLeaving = true;
        HoldfastDb open = db;
        if (open == null || hasLeft || isStopping) return;
        isStopping = true;
        Duration budget = Duration.ofMillis(1 + chance.nextInt(10_000));
        env.start("stopper of " + name(), () -> open.shutdown(mode, budget));
    }

    void pauseAWhile(int millisMax) throws InterruptedException {
        env.sleep(Duration.ofMillis(1 + story.simulation().chance(millisMax)));
    }

    private void live() {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> story.never(name() + ": " + broken));
        try {
            for (int attempt = 0; attempt < ATTEMPTS_MAX && db == null; attempt++) {
                open();
                if (db == null) pauseAWhile(2_000);
            }
            HoldfastDb opened = db;
            if (opened == null && role == Role.PROVE) story.never("liveness: cannot be opened");
            if (opened != null) serve(opened);
        } catch (InterruptedException interrupted) {
            story.never(name() + " was interrupted: " + interrupted);
        }
        hasLeft = true;
    }

    private void open() {
        try {
            var store = ObjectStores.patient(story.store().connect(node), env);
            db =
                    Engine.builder(store, TransactionHistory.PATH)
                            .settings(story.settings())
                            .env(env)
                            .mergeOperator(TransactionClient.APPENDING)
                            .open();
        } catch (Unavailable _) {
            story.sometimes("opening unavailable");
        } catch (Closed closed) {
            judge(closed);
        }
    }

    private void serve(HoldfastDb opened) throws InterruptedException {
        Scene scene = story.begin(this);
        int clients = 1 + chance.nextInt(CLIENTS_MAX);
        for (int i = 0; i < clients; i++) {
            working++;
            var client = new TransactionClient(opened, scene, story.habits(), chance.split());
            env.start("client " + i + " of " + name(), () -> work(client, scene));
        }
        while (0 < working && !isLeaving) env.sleep(LOOK);
        isLeaving = true;
        while (0 < working && end == null && !isStopping) env.sleep(LOOK);
        if (role == Role.PROVE && end == null) prove(opened);
        if (!isStopping) opened.shutdown(Mode.SMART, STOP);
        for (int i = 0; 0 < working && i < 1_000; i++) env.sleep(LOOK);
        if (0 < working) story.never("liveness: clients of " + name() + " do not come back");
    }

    private void work(TransactionClient client, Scene scene) {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> story.never("client: " + broken));
        int left = role == Role.PROVE ? 20 : OPERATIONS_MAX;
        try {
            for (; 0 < left && end == null && (!isLeaving || role == Role.PROVE); left--) {
                client.run();
                if (chance.nextInt(4) == 0) pauseAWhile(30);
                if (chance.nextInt(50) == 0) abandon();
                if (chance.nextInt(60) == 0 && db != null) db.flushMemtables();
            }
        } catch (Unavailable _) {
            story.sometimes("unavailable");
        } catch (Closed closed) {
            judge(closed);
        } catch (StorageException other) {
            story.never("met " + other);
        } catch (InterruptedException interrupted) {
            story.never("a client was interrupted: " + interrupted);
        } finally {
            working--;
        }
    }

    // Nobody closes it.
    private void abandon() {
        HoldfastDb open = db;
        if (open == null) return;
        Transaction left = open.begin(IsolationLevel.SNAPSHOT);
        left.put(dev.holdfast.base.Bytes.utf8("left behind"), dev.holdfast.base.Bytes.EMPTY);
    }

    private void prove(HoldfastDb opened) throws InterruptedException {
        try {
            abandon();
            env.sleep(story.settings().transactions().timeout().plus(LOOK));
            DbStats.Transactions figures = opened.stats().transactions();
            if (0 < figures.open()) story.never("transactions stay open: " + figures);
            if (figures.expired() == 0) story.never("nothing has expired: " + figures);
        } catch (Closed closed) {
            judge(closed);
        }
    }

    private void judge(Closed closed) {
        if (end == null) end = closed;
        switch (closed.reason()) {
            case CLEAN -> story.sometimes("closed under way");
            case FENCED -> story.sometimes("fenced");
            case FAILED, EXPIRED -> story.never(name() + " failed: " + closed);
        }
    }
}
