package dev.holdfast.engine.ingest;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.note.IngestNote;
import dev.holdfast.engine.write.Adoption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An ingest that takes rows, and then becomes a commit or is given up.
///
/// One thread at a time.
final class OpenIngest implements Db.Ingest {
    private final Ingests.Place place;
    private final Ingests.Terms terms;
    private final TableStream tables;
    private final Consumer<@Nullable Done> atEnd;
    private final IngestRow row;
    private final KeyTrail keys = new KeyTrail();
    private long rows;
    private @Nullable Bytes firstKey;
    private Bytes lastKey = Bytes.EMPTY;
    private @Nullable Adoption adoption; // once it takes no more rows
    private @Nullable Done done;
    private boolean isClosed;

    /// @param atEnd told once it is over, with what was committed
    OpenIngest(
            Ingests.Place place,
            Ingests.Terms terms,
            TableStream tables,
            Consumer<@Nullable Done> atEnd) {
        this.place = place;
        this.terms = terms;
        this.tables = tables;
        this.atEnd = atEnd;
        row = new IngestRow(terms.seq(), terms.createdAtMillis());
    }

    @Override
    public void put(Bytes key, Bytes value, Expiry expiry) {
        take(row.put(requireNext(key), value, terms.endOf(expiry)));
    }

    @Override
    public void delete(Bytes key) {
        take(row.delete(requireNext(key)));
    }

    private Bytes requireNext(Bytes key) {
        requireOpen();
        if (adoption != null) throw new Invalid("an ingest takes no rows once it ends", null);
        if (key.isEmpty() || WriteBatch.KEY_BYTES_MAX < key.length())
            throw new Invalid("key length out of range. length=`" + key.length() + "`", null);
        if (key.compareTo(lastKey) <= 0)
            throw new Invalid(
                    "keys of an ingest do not rise. key=`%s`, before=`%s`".formatted(key, lastKey),
                    null);
        return key;
    }

    private void take(IngestRow next) {
        tables.add(next);
        Bytes key = next.key();
        lastKey = Bytes.copyOf(key.array(), key.offset(), key.length());
        if (firstKey == null) firstKey = lastKey;
        keys.add(lastKey);
        rows++;
    }

    @Override
    public Done commit() {
        Done already = done;
        if (already != null) return already;
        requireOpen();
        long ticket = place.door().enter("ingest");
        try {
            tables.storeAll();
            if (rows == 0) return ended(place.writer().applied());
            commit(adoption());
            return ended(terms.seq());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("an ingest was interrupted, it may be committed", interrupted);
        } finally {
            place.door().leave(ticket);
        }
    }

    private Adoption adoption() {
        Adoption present = adoption;
        if (present == null)
            present =
                    new Adoption(
                            new Adoption.Content(
                                    terms.seq(),
                                    terms.createdAtMillis(),
                                    terms.untilMillis(),
                                    tables.tables(),
                                    keys.all()));
        adoption = present;
        return present;
    }

    private void commit(Adoption next) throws InterruptedException {
        boolean isWaiting = next.state() == Adoption.State.WAITING;
        if (isWaiting && terms.untilMillis() <= place.env().currentTimeMillis()) throw late();
        place.writes().adopt(place.writer(), next, this::announce, place.deadline());
        if (next.state() == Adoption.State.LATE) throw late();
        // Let go before the flusher took it: nothing but the manifest may say that it is one.
        if (next.state() != Adoption.State.PUBLISHED)
            throw new Unavailable("an ingest may be committed, nobody knows yet", null);
    }

    private static Conflict late() {
        return new Conflict("an ingest was not committed in its time, nothing was committed");
    }

    private void announce(long seqBefore, long walId) throws InterruptedException {
        Bytes first = firstKey;
        if (first == null) throw new AssertionError("no rows");
        long epoch = place.writes().manifest().epoch();
        var at = new IngestNote.Place(seqBefore, terms.seq(), walId, epoch);
        var note = new IngestNote(at, rows, first, lastKey);
        place.notes().put(note, place.deadline(), place.token());
    }

    private Done ended(long seq) {
        var made = new Done(seq, rows, tables.tables().size(), tables.bytes());
        done = made;
        release();
        return made;
    }

    private void requireOpen() {
        if (isClosed || done != null)
            throw new Closed(Closed.Reason.CLEAN, "the ingest is over", null);
    }

    /// Tables that nothing names are left to a collector. One that may still become a commit is
    /// gone on with.
    @Override
    public void close() {
        if (isClosed) return;
        isClosed = true;
        if (done == null) release();
    }

    private void release() {
        tables.close();
        atEnd.accept(done);
    }
}
