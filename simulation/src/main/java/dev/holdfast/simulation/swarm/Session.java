package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.simulation.check.Write.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One life of a database as its clients use it: every call is noted, and so is every answer.
final class Session {
    private static final int OBSERVATIONS_MAX = 8;

    private final World world;
    private final Journal journal;
    private final HoldfastDb db;
    private final Env env;
    private final int life;
    private @Nullable Closed end;

    Session(World world, HoldfastDb db, Env env, int life) {
        this.world = world;
        this.db = db;
        this.env = env;
        this.life = life;
        journal = world.journal();
    }

    World world() {
        return world;
    }

    Journal journal() {
        return journal;
    }

    Keys keys() {
        return world.keys();
    }

    HoldfastDb db() {
        return db;
    }

    int life() {
        return life;
    }

    void pause(int millisMax) throws InterruptedException {
        env.sleep(Duration.ofMillis(1 + world.simulation().chance(millisMax)));
    }

    /// Hands `rows` over as one batch, and waits until they are as safe as `level` says.
    Asked write(int id, List<Row> rows, Durability level) {
        Asked asked = journal.ask(life, rows, Map.of(), id);
        if (level == Durability.MEMORY) {
            commit(asked, () -> db.write(batchOf(rows), level));
            return asked;
        }
        asked.acknowledge(db.write(batchOf(rows), level), journal.tick());
        becameDurable(asked);
        return asked;
    }

    /// Hands `rows` over, to be committed only if nothing that was read through `basis` changed.
    ///
    /// @param expected what registers were read to hold
    Asked writeIfUnchanged(ReadView basis, int id, List<Row> rows, Map<String, String> expected) {
        Asked asked = journal.ask(life, rows, expected, id);
        commit(asked, () -> db.writeIfUnchanged(basis, batchOf(rows), null));
        return asked;
    }

    // At memory these refusals mean that nothing was committed, and never will be.
    private void commit(Asked asked, LongSupplier call) {
        try {
            asked.acknowledge(call.getAsLong(), journal.tick());
            journal.note("  " + asked + " acknowledged");
        } catch (Unavailable | Conflict | Invalid refused) {
            asked.refuse();
            journal.note("  " + asked + " refused: " + refused.getMessage());
            if (refused instanceof Unavailable) journal.sometimes("stalled: no room");
            throw refused;
        }
    }

    private void becameDurable(Asked asked) {
        asked.becomeDurable(journal.tick());
        journal.note("  " + asked + " durable");
    }

    /// Waits until `asked`, which was acknowledged, is durable, if it becomes so in `millis`.
    boolean awaitDurable(Asked asked, int millis) throws InterruptedException {
        if (!awaitDurable(asked.seq(), millis)) return false;
        becameDurable(asked);
        return true;
    }

    /// Waits until commit `seq` is durable, if it becomes so in `millis`.
    boolean awaitDurable(long seq, int millis) throws InterruptedException {
        try {
            db.awaitDurable(seq, Durability.REMOTE, Duration.ofMillis(millis));
            return true;
        } catch (Unavailable _) {
            journal.sometimes("durability not in time");
            return false;
        }
    }

    void flush() {
        List<Asked> before = acknowledgedSoFar();
        db.flush();
        before.forEach(this::becameDurable);
    }

    void flushMemtables() {
        List<Asked> before = acknowledgedSoFar();
        db.flushMemtables();
        journal.sometimes("memtables flushed on demand");
        before.forEach(this::becameDurable);
    }

    private List<Asked> acknowledgedSoFar() {
        return journal.writes().stream()
                .filter(asked -> asked.life() == life && asked.isAcknowledged())
                .toList();
    }

    /// All that was acknowledged is in the store, says the engine.
    void allBecameDurable() {
        long now = journal.tick();
        acknowledgedSoFar().forEach(asked -> asked.becomeDurable(now));
    }

    private static WriteBatch batchOf(List<Row> rows) {
        var batch = new WriteBatch();
        for (Row row : rows) {
            String value = row.value();
            if (value == null) batch.delete(Keys.bytes(row.key()));
            else batch.put(Keys.bytes(row.key()), Bytes.utf8(value));
        }
        return batch;
    }

    /// The instance has ended, as a client was told.
    void ended(Closed closed) {
        if (end != null) return;
        end = closed;
        journal.note("* life " + life + " ended: " + closed.getMessage());
        switch (closed.reason()) {
            case CLEAN -> {}
            case FENCED -> journal.fenced(life);
            case FAILED, EXPIRED -> {
                if (world.isDamage(closed)) journal.sometimes("life ended by damage");
                else journal.never("life " + life + " failed: " + closed);
            }
        }
    }

    /// Looks whether it has ended.
    void look() {
        try {
            db.view().close();
        } catch (Closed closed) {
            ended(closed);
        }
    }

    /// Looks at every key, before anybody else does, as often as it takes to be answered.
    void observe(String who) throws InterruptedException {
        for (int attempt = 0; attempt < OBSERVATIONS_MAX && !hasEnded(); attempt++) {
            try {
                world.observer().lookKeyByKey(who, db, life);
                return;
            } catch (Closed closed) {
                ended(closed);
            } catch (Unavailable | CorruptData failed) {
                if (failed instanceof CorruptData && !world.isDamage(failed))
                    journal.never("damage that nobody did: " + failed);
                pause(200);
            }
        }
    }

    boolean wasFenced() {
        return end != null && end.reason() == Closed.Reason.FENCED;
    }

    boolean hasEnded() {
        return end != null;
    }
}
