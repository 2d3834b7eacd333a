package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.rdb.RdbKind;
import dev.holdfast.redis.rdb.RdbPart;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.LibraryShelf;
import dev.holdfast.redis.script.LibraryShelf.Existing;
import dev.holdfast.redis.transfer.PartBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Takes in the keys of one import, one after another, and counts them. Not thread-safe.
final class Arrivals {
    private static final int REFUSED_SHOWN = 20;
    private static final int LIBRARY_SHOWN = 60;

    private final Target target;
    private final ImportBatch batch;
    private final ImportWatcher watcher;
    private final long nowMillis;
    private final List<Refusal> firstRefused = new ArrayList<>();
    private final long earlier;
    private final long earlierLeftOut;
    private long seen;
    private long expired;
    private long refused;
    private long librariesKept;
    private long librariesRefused;

    /// @param note of the import that is gone on with, or of one that begins
    /// @param nowMillis what has expired by then is left out
    Arrivals(Target target, ImportNote note, ImportWatcher watcher, long nowMillis) {
        this.target = target;
        this.batch = new ImportBatch(target.keyspaces, this::refuse);
        this.watcher = watcher;
        this.nowMillis = nowMillis;
        this.earlier = note.keys();
        this.earlierLeftOut = note.leftOut();
        batch.passed(note);
    }

    /// How many keys are behind, those of earlier runs included.
    long keys() {
        return earlier + seen;
    }

    /// How many of these were left out.
    long leftOut() {
        return earlierLeftOut + expired + refused;
    }

    /// Where all goes.
    ///
    /// @param existing what becomes of libraries that are there
    record Target(Keyspaces keyspaces, LibraryShelf shelf, Existing existing) {}

    /// Brings in a library of functions, which is there at once.
    void library(Bytes source) throws InterruptedException {
        try {
            target.keyspaces.execute(
                    0, keyspace -> target.shelf.bring(keyspace, source, target.existing));
            librariesKept++;
        } catch (RespError refusal) {
            librariesRefused++;
            Bytes shown = source.slice(0, Math.min(source.length(), LIBRARY_SHOWN));
            show(new Refusal(0, shown, "library of functions: " + refusal.text()));
        }
    }

    /// True if `incoming` is to be left out, which is noted.
    boolean isLeftOut(Incoming incoming) {
        long at = incoming.expireAtMillis();
        if (at != Meta.NO_EXPIRY && at < nowMillis) {
            seen++;
            expired++;
            return true;
        }
        if (incoming.kind() != RdbKind.MODULE) return false;
        leaveOut(incoming, "value of a module");
        return true;
    }

    /// `incoming` cannot be brought in.
    void leaveOut(Incoming incoming, String reason) {
        seen++;
        refuse(new Refusal(incoming.database(), incoming.key(), reason));
    }

    /// Brings in a key, whose value `source` tells to whoever it is given.
    ///
    /// @param behind the note of a place behind the key, or of one before it that is gone on from
    void take(Incoming incoming, Consumer<Consumer<RdbPart>> source, Supplier<ImportNote> behind)
            throws InterruptedException {
        batch.begin(incoming);
        var parts = new PartBuffer(some -> add(incoming, some));
        try {
            source.accept(parts);
            parts.flush();
        } catch (Cut cut) {
            throw cut.cause;
        }
        seen++;
        batch.end(incoming, behind.get());
        watcher.came(keys());
    }

    /// All up to `note` is behind.
    void passed(ImportNote note) {
        batch.passed(note);
    }

    /// Commits what has gathered, and that the import is at its end.
    void finish() throws InterruptedException {
        batch.finish();
    }

    ImportReport report(long expected, long found) {
        var counts =
                new ImportReport.Counts(
                        seen - expired - refused,
                        earlier,
                        expired,
                        refused,
                        new ImportReport.Libraries(librariesKept, librariesRefused));
        return new ImportReport(counts, List.copyOf(firstRefused), expected, found);
    }

    private void refuse(Refusal refusal) {
        refused++;
        show(refusal);
    }

    private void show(Refusal refusal) {
        if (firstRefused.size() < REFUSED_SHOWN)
            firstRefused.add(
                    new Refusal(
                            refusal.database(),
                            Bytes.wrap(refusal.key().toArray()),
                            refusal.reason()));
    }

    private void add(Incoming incoming, List<RdbPart> parts) {
        try {
            batch.add(incoming, parts);
        } catch (InterruptedException cause) {
            throw new Cut(cause);
        }
    }

    /// An interruption on its way through a reader that knows none.
    private static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final InterruptedException cause;

        Cut(InterruptedException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
