package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.check.Write.Row.How;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One life of a database as its clients use it: every call is noted, and so is every answer.
public final class Session {
    private static final int OBSERVATIONS_MAX = 8;
    private static final int INGESTS_MAX = 3;

    private final World world;
    private final Journal journal;
    private final HoldfastDb db;
    private final Env env;
    private final int life;
    private @Nullable Closed end;

    public Session(World world, HoldfastDb db, Env env, int life) {
        this.world = world;
        this.db = db;
        this.env = env;
        this.life = life;
        journal = world.journal();
    }

    public World world() {
        return world;
    }

    public Journal journal() {
        return journal;
    }

    public Keys keys() {
        return world.keys();
    }

    public HoldfastDb db() {
        return db;
    }

    public int life() {
        return life;
    }

    public void pause(int millisMax) throws InterruptedException {
        env.sleep(Duration.ofMillis(1 + world.simulation().chance(millisMax)));
    }

    /// Hands `rows` over as one batch, and waits until they are as safe as `level` says.
    public Asked write(int id, List<Row> rows, Durability level) {
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
    public Asked writeIfUnchanged(
            ReadView basis, int id, List<Row> rows, Map<String, String> expected) {
        Asked asked = journal.ask(life, rows, expected, id);
        commit(asked, () -> db.writeIfUnchanged(basis, batchOf(rows), null));
        return asked;
    }

    /// Commits `transaction`, which has written `rows`, or nothing.
    ///
    /// @param expected what registers were read to hold
    public Asked commit(
            Transaction transaction, int id, List<Row> rows, Map<String, String> expected) {
        for (Row row : rows) {
            Bytes key = Keys.bytes(row.key());
            String value = row.value();
            if (value == null) transaction.delete(key);
            else transaction.put(key, Bytes.utf8(value));
        }
        Asked asked = journal.ask(life, rows, expected, id);
        commit(asked, () -> transaction.commit(Durability.MEMORY));
        return asked;
    }

    /// Commits `ingest`, which holds `rows`; what it was told is noted.
    public void commit(Db.Ingest ingest, int id, List<Row> rows) throws InterruptedException {
        Asked asked = journal.ask(life, rows, Map.of(), id);
        for (int attempt = 0; attempt < INGESTS_MAX; attempt++) {
            try {
                asked.acknowledge(ingest.commit().seq(), journal.tick());
                becameDurable(asked);
                journal.sometimes("ingested");
                return;
            } catch (Unavailable notYet) {
                journal.note("  " + asked + " not ingested yet: " + notYet.getMessage());
                journal.sometimes("ingest unavailable");
                pause(1_000);
            } catch (Conflict refused) {
                asked.refuse();
                journal.note("  " + asked + " refused: " + refused.getMessage());
                throw refused;
            }
        }
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
    public boolean awaitDurable(Asked asked, int millis) throws InterruptedException {
        if (!awaitDurable(asked.seq(), millis)) return false;
        becameDurable(asked);
        return true;
    }

    /// Waits until commit `seq` is durable, if it becomes so in `millis`.
    public boolean awaitDurable(long seq, int millis) throws InterruptedException {
        try {
            db.awaitDurable(seq, Durability.REMOTE, Duration.ofMillis(millis));
            return true;
        } catch (Unavailable _) {
            journal.sometimes("durability not in time");
            return false;
        }
    }

    public void flush() {
        List<Asked> before = acknowledgedSoFar();
        db.flush();
        before.forEach(this::becameDurable);
    }

    public void flushMemtables() {
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
    public void allBecameDurable() {
        long now = journal.tick();
        acknowledgedSoFar().forEach(asked -> asked.becomeDurable(now));
    }

    private static WriteBatch batchOf(List<Row> rows) {
        var batch = new WriteBatch();
        for (Row row : rows) {
            Bytes key = Keys.bytes(row.key());
            String value = row.value();
            if (value == null) batch.delete(key);
            else if (row.how() == How.ADD) batch.merge(key, Bytes.utf8(value));
            else batch.put(key, Bytes.utf8(value), expiryOf(row));
        }
        return batch;
    }

    /// When the value of `row` ends, as the engine is told.
    public static Expiry expiryOf(Row row) {
        return row.expireAt() == 0 ? Expiry.usual() : Expiry.atMillis(row.expireAt());
    }

    /// The instance has ended, as a client was told.
    public void ended(Closed closed) {
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
    public void look() {
        try {
            db.view().close();
        } catch (Closed closed) {
            ended(closed);
        }
    }

    /// Looks at every key, before anybody else does, as often as it takes to be answered.
    public void observe(String who) throws InterruptedException {
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

    public boolean wasFenced() {
        return end != null && end.reason() == Closed.Reason.FENCED;
    }

    public boolean hasEnded() {
        return end != null;
    }
}
