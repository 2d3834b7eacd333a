package dev.holdfast.engine.ingest;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.note.IngestNotes;
import dev.holdfast.engine.write.Adoption;
import dev.holdfast.engine.write.BatchWriter;
import dev.holdfast.engine.write.WriteSide;
import dev.holdfast.lifecycle.wait.Token;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Where ingests of one database begin: one at a time. Thread-safe.
public final class Ingests {
    private final Place place;
    private final AtomicBoolean isOpen = new AtomicBoolean();
    private final LongAdder committed = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /// Lets calls of users into the database.
    public interface Door {
        /// Lets one call in, and returns its ticket. Throws `Closed` if the database has ended or
        /// is stopping.
        long enter(String doing);

        /// The call of `ticket` is over.
        void leave(long ticket);
    }

    /// What an ingest works with.
    ///
    /// @param token ends waits for the store when the database stops
    public record Place(
            Env env,
            Settings settings,
            WriteSide writes,
            BatchWriter writer,
            MemoryBudget memory,
            IngestNotes notes,
            Door door,
            Token token) {
        Deadline deadline() {
            return Deadline.after(env, settings.writeTimeout());
        }
    }

    /// What was settled when an ingest began.
    ///
    /// @param seq its number, above those of all commits that come before it
    /// @param untilMillis when it must have been committed
    record Terms(long seq, long createdAtMillis, long untilMillis, long defaultTtlMillis) {
        /// When a row ends; the end of time if it does not.
        long endOf(Expiry expiry) {
            return switch (expiry.kind()) {
                case AT -> expiry.millis();
                case NEVER -> Long.MAX_VALUE;
                case AFTER -> after(expiry.millis());
                case USUAL -> after(defaultTtlMillis);
            };
        }

        private long after(long ttlMillis) {
            boolean isForever = ttlMillis == 0 || Long.MAX_VALUE - ttlMillis < createdAtMillis;
            return isForever ? Long.MAX_VALUE : createdAtMillis + ttlMillis;
        }
    }

    public Ingests(Place place) {
        this.place = place;
    }

    /// Begins one. Throws `Unavailable` while another is open, or if the store does not answer.
    public Db.Ingest begin(Db.Ingest.Options options) {
        if (!isOpen.compareAndSet(false, true))
            throw new Unavailable("another ingest is open", null);
        boolean isBegun = false;
        try {
            Db.Ingest begun = begun(options);
            isBegun = true;
            return begun;
        } finally {
            if (!isBegun) isOpen.set(false);
        }
    }

    private void ended(Db.Ingest.@Nullable Done done) {
        if (done != null && 0 < done.rows()) {
            committed.increment();
            rows.add(done.rows());
            bytes.add(done.bytes());
        }
        isOpen.set(false);
    }

    /// What has become of them.
    public DbStats.Ingests figures() {
        return new DbStats.Ingests(committed.sum(), rows.sum(), bytes.sum());
    }

    private Db.Ingest begun(Db.Ingest.Options options) {
        if (place.writer.isHeld())
            throw new Unavailable("an ingest may be committed, nobody knows yet", null);
        long last = place.writer.applied();
        place.notes.removeAbove(last, place.writes.manifest().epoch());
        long now = place.env.currentTimeMillis();
        long until = now + options.within().toMillis();
        var form =
                new TableStream.Form(
                        options.tableSize().bytes(),
                        Math.max(until, place.writes.manifest().newestTableMillis()),
                        place.writes.segments());
        var tables = new TableStream(place.writes.tableWriter(), place.memory, place.env, form);
        long ttlMillis = place.settings.rows().defaultTtl().toMillis();
        var terms = new Terms(last + Adoption.LEAP, now, until, ttlMillis);
        return new OpenIngest(place, terms, tables, this::ended);
    }
}
