package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.migrate.ImportNote.OfServer;
import dev.holdfast.redis.migrate.ImportNote.OfSnapshot;
import dev.holdfast.redis.migrate.ImportPlan.Existing;
import dev.holdfast.redis.migrate.ImportPlan.Unfinished;
import dev.holdfast.redis.script.LibraryShelf;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Brings whole databases in from Redis, without a server: values are made as commands make them.
///
/// How far it has come is committed with the data, so that an import that was ended by anything
/// goes on where it was: from the first key that was not whole. Until its end the databases show
/// what was brought in so far. Not thread-safe; nobody else may write meanwhile.
public final class Importer {
    private static final System.Logger LOG = System.getLogger(Importer.class.getName());

    private final Db db;
    private final Env env;
    private final Keyspaces keyspaces;
    private final ImportPlan plan;
    private final ImportWatcher watcher;

    /// Makes the Redis databases in `db` if there are none.
    public Importer(Db db, Env env, ImportPlan plan, ImportWatcher watcher) {
        this.db = db;
        this.env = env;
        this.keyspaces = Keyspaces.open(db, env);
        this.plan = plan;
        this.watcher = watcher;
    }

    /// Says in the log that an import did not come to its end, if there is one.
    public static void tellUnfinished(Reads reads, Env env) {
        ImportNote note = unfinished(reads, env);
        if (note != null)
            LOG.log(
                    System.Logger.Level.WARNING,
                    "an import is not at its end: go on with it, or forget it. keys=`"
                            + note.keys()
                            + "`");
    }

    private static @Nullable ImportNote unfinished(Reads reads, Env env) {
        Bytes note =
                Keyspaces.<@Nullable Bytes>look(reads, env, 0, keyspace -> keyspace.importNote());
        return note == null ? null : ImportNote.decode(note);
    }

    /// How far an import has come that did not come to its end; null if there is none.
    public @Nullable ImportNote unfinished() {
        return unfinished(db, env);
    }

    /// Brings in all of a snapshot. Throws [dev.holdfast.redis.rdb.RdbException] where it is
    /// damaged, `Invalid` if the plan forbids it.
    public ImportReport snapshot(InputStream source) throws InterruptedException {
        ImportNote note = begin();
        if (!(note == null || note instanceof OfSnapshot)) throw another(note);
        OfSnapshot from = note == null ? new OfSnapshot(0, 0, 0, 0) : (OfSnapshot) note;
        var arrivals = new Arrivals(target(note), from, watcher, env.currentTimeMillis());
        new SnapshotImport(source, arrivals, from).run();
        arrivals.finish();
        db.flushMemtables();
        return arrivals.report(isAlone() ? arrivals.keys() - arrivals.leftOut() : -1, found());
    }

    /// Brings in all of a server.
    public ImportReport server(ServerSource source) throws InterruptedException {
        ImportNote note = begin();
        String runId = source.runId();
        OfServer from = new OfServer(0, 0, 0, 0, runId);
        if (note instanceof OfServer known && known.runId().equals(runId)) from = known;
        else if (note != null) throw another(note);
        var arrivals = new Arrivals(target(note), from, watcher, env.currentTimeMillis());
        new ServerImport(source, arrivals, from).run();
        arrivals.finish();
        db.flushMemtables();
        long expected = source.sizes().values().stream().mapToLong(Long::longValue).sum();
        return arrivals.report(isAlone() ? expected : -1, found());
    }

    // One that is gone on with has brought libraries in before.
    private Arrivals.Target target(@Nullable ImportNote note) {
        boolean giveWay = note != null || plan.existing() == Existing.REPLACED;
        var shelf = LibraryShelf.of(env, Runtime.getRuntime().maxMemory());
        return new Arrivals.Target(
                keyspaces,
                shelf,
                giveWay ? LibraryShelf.Existing.GIVES_WAY : LibraryShelf.Existing.STAYS);
    }

    private @Nullable ImportNote begin() throws InterruptedException {
        ImportNote note = unfinished();
        if (plan.unfinished() == Unfinished.FORGOTTEN) return null;
        if (note == null && plan.existing() == Existing.REFUSED && 0 < found())
            throw new Invalid("the databases hold keys. keys=`" + found() + "`", null);
        return note;
    }

    // Nothing else was there when it began.
    private boolean isAlone() {
        return plan.existing() == Existing.REFUSED && plan.unfinished() == Unfinished.RESUMED;
    }

    private static Invalid another(ImportNote note) {
        return new Invalid(
                "an import from another source is not at its end. keys=`" + note.keys() + "`",
                null);
    }

    private long found() throws InterruptedException {
        long found = 0;
        for (int i = 0; i < Keyspaces.COUNT; i++) found += keyspaces.keyCount(i).keys();
        return found;
    }
}
