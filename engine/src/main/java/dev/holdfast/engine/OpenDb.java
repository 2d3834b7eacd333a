package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.CommitHook;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.Watermarks;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CheckpointScope;
import dev.holdfast.engine.api.upkeep.SeqTimes;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import dev.holdfast.engine.copy.CheckpointBook;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.manifest.TrackedTimes;
import dev.holdfast.engine.read.StableView;
import dev.holdfast.engine.view.AppliedView;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ReadSet;
import dev.holdfast.engine.view.SnapshotPins;
import dev.holdfast.engine.write.AsyncCommits;
import dev.holdfast.engine.write.BatchWriter;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An open database: every call passes the gate, then goes to the room that does it.
final class OpenDb implements HoldfastDb {
    private static final System.Logger LOG = System.getLogger(OpenDb.class.getName());

    private final OpenParts parts;
    private final BatchWriter writer;
    private final AsyncCommits async;

    OpenDb(OpenParts parts, BatchWriter writer) {
        this.parts = parts;
        this.writer = writer;
        async =
                new AsyncCommits(
                        parts.writes(),
                        parts.place().env(),
                        parts.place().settings().writeTimeout());
    }

    @Override
    public long write(WriteBatch batch, Durability durability) {
        long ticket = parts.calls().enter("write");
        try {
            Deadline deadline = deadline();
            if (durability == Durability.LOCAL) return writer.writeLocal(batch, deadline);
            long seq = writer.write(batch, null, null, deadline);
            awaitLevel(seq, durability, deadline);
            return seq;
        } catch (InterruptedException interrupted) {
            throw interrupted("a write was interrupted, it may be applied", interrupted);
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public WriteBatch.Committed commit(WriteBatch batch, WriteBatch.Options options) {
        long ticket = parts.calls().enter("write");
        try {
            Deadline deadline = deadline();
            WriteBatch.Committed committed = writer.write(batch, options, deadline);
            awaitLevel(committed.seq(), options.durability(), deadline);
            return committed;
        } catch (InterruptedException interrupted) {
            throw interrupted("a write was interrupted, it may be applied", interrupted);
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public CompletableFuture<WriteBatch.Committed> commitAsync(
            WriteBatch batch, WriteBatch.Options options) {
        boolean isWaitedFor = false;
        boolean hasPlace = false;
        try {
            async.takePlace();
            hasPlace = true;
            var applied =
                    new WriteBatch.Options(Durability.MEMORY, options.seq(), options.createdAt());
            WriteBatch.Committed committed = commit(batch, applied);
            if (options.durability() == Durability.MEMORY)
                return CompletableFuture.completedFuture(committed);
            isWaitedFor = true;
            return async.when(committed, options.durability());
        } catch (StorageException notCommitted) {
            return CompletableFuture.failedFuture(notCommitted);
        } finally {
            if (hasPlace && !isWaitedFor) async.givePlace();
        }
    }

    @Override
    public long writeIfUnchanged(ReadView basis, WriteBatch batch, @Nullable CommitHook hook) {
        ReadSet read = readSetOf(basis);
        long ticket = parts.calls().enter("conditional write");
        try {
            return writer.write(batch, read, hook, deadline());
        } catch (InterruptedException interrupted) {
            throw interrupted("a write was interrupted before it was applied", interrupted);
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public OptionalLong writeIfUnchangedAtOnce(
            ReadView basis, WriteBatch batch, @Nullable CommitHook hook) {
        ReadSet read = readSetOf(basis);
        return parts.calls()
                .inside("conditional write", () -> writer.writeAtOnce(batch, read, hook));
    }

    private static ReadSet readSetOf(ReadView basis) {
        if (basis instanceof StableView view) return view.readSet();
        throw new Invalid("not a view of a database: " + basis.getClass(), null);
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        long ticket = parts.calls().enter("get");
        try {
            // As in `AppliedView`; nobody asks what this get saw.
            while (true) {
                LsmView before = parts.writes().views().current();
                long seq = writer.applied();
                if (before == parts.writes().views().current())
                    return parts.reading().points().get(before, key, seq, null);
            }
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return parts.calls().inside("scan", () -> stable().scan(range, order));
    }

    @Override
    public @Nullable Row row(Bytes key, Reads.Options options) {
        return parts.calls().inside("get", () -> stable().row(key, options));
    }

    @Override
    public List<@Nullable Bytes> multiGet(List<Bytes> keys, Reads.Options options) {
        return parts.calls().inside("get", () -> stable().multiGet(keys, options));
    }

    @Override
    public Scan scan(KeyRange range, Scan.Options options) {
        return parts.calls().inside("scan", () -> stable().scan(range, options));
    }

    @Override
    public Scan.Versions versions(KeyRange range) {
        return parts.calls().inside("scan", () -> stable().versions(range));
    }

    @Override
    public Snapshot snapshot(String name, Duration lifetime) {
        long ticket = parts.calls().enter("snapshot");
        try {
            SnapshotPins pins = parts.writes().pins();
            return new HeldSnapshot(
                    parts, pins.pinNewest(name, writer::applied, allowed(lifetime)));
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public Snapshot snapshotAt(long seq, String name, Duration lifetime) {
        long ticket = parts.calls().enter("snapshot");
        try {
            if (writer.applied() < seq)
                throw new Invalid("commit not there yet. seq=`" + seq + "`", null);
            SnapshotPins pins = parts.writes().pins();
            return new HeldSnapshot(parts, pins.pinPast(name, seq, allowed(lifetime)));
        } finally {
            parts.calls().leave(ticket);
        }
    }

    private Duration allowed(Duration lifetime) {
        Duration longest = parts.place().settings().rows().snapshotLifetimeMax();
        if (!lifetime.isPositive() || longest.compareTo(lifetime) < 0)
            throw new Invalid(
                    "snapshot lifetime out of range. lifetime=`%s`, max=`%s`"
                            .formatted(lifetime, longest),
                    null);
        return lifetime;
    }

    @Override
    public ReadView view() {
        long ticket = parts.calls().enter("view");
        try {
            writer.keepConflicts();
            return stable();
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public Transaction begin(IsolationLevel level) {
        return parts.transactions().begin(level);
    }

    @Override
    public <T> T transact(IsolationLevel level, Durability durability, Transaction.Body<T> body) {
        return parts.transactions().transact(level, durability, body);
    }

    @Override
    public Ingest ingest(Ingest.Options options) {
        long ticket = parts.calls().enter("ingest");
        try {
            return parts.ingests().begin(options);
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        } finally {
            parts.calls().leave(ticket);
        }
    }

    private StableView stable() {
        AppliedView newest = AppliedView.newest(parts.writes().views(), writer::applied);
        return new StableView(parts.reading(), newest);
    }

    @Override
    public Watermarks watermarks() {
        // In this order, and capped, so that the levels never cross: each only rises.
        long remote = parts.writes().log().durableSeq();
        long local = parts.writes().log().localSeq();
        long applied = writer.applied();
        return new Watermarks(applied, Math.min(local, applied), Math.min(remote, applied));
    }

    @Override
    public void awaitDurable(long seq, Durability durability, Duration timeout)
            throws InterruptedException {
        long ticket = parts.calls().enter("await durability");
        try {
            awaitLevel(seq, durability, Deadline.after(parts.place().env(), timeout));
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public void hastenLocal(long seq) {
        parts.writes().log().demandLocal(seq);
    }

    @Override
    public boolean whenLocal(long seq, Runnable then) {
        return parts.writes().log().whenLocal(seq, then);
    }

    private void awaitLevel(long seq, Durability durability, Deadline deadline)
            throws InterruptedException {
        parts.writes().awaitDurable(seq, durability, deadline);
    }

    @Override
    public void flush() {
        long ticket = parts.calls().enter("flush");
        try {
            parts.writes().awaitDurable(writer.applied(), Durability.REMOTE, deadline());
        } catch (InterruptedException interrupted) {
            throw interrupted("a flush was interrupted", interrupted);
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public void flushMemtables() {
        long ticket = parts.calls().enter("flush memtables");
        try {
            parts.writes().awaitFlushed(writer.freeze(), deadline());
        } catch (InterruptedException interrupted) {
            throw interrupted("a flush was interrupted", interrupted);
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public StoredCheckpoint checkpoint(CheckpointScope scope, CheckpointOptions options) {
        long ticket = parts.calls().enter("checkpoint");
        try {
            if (scope == CheckpointScope.ALL && options.source() == null)
                parts.writes().awaitDurable(writer.applied(), Durability.REMOTE, deadline());
            CheckpointBook.Made made = parts.checkpoints().create(options);
            parts.writes().manifest().learn(made.version());
            return made.checkpoint();
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        } catch (InterruptedException interrupted) {
            throw interrupted("a checkpoint was interrupted, it may be made", interrupted);
        } finally {
            parts.calls().leave(ticket);
        }
    }

    /// Fills `found` with the newest row of `key`, a tombstone too, and tells whether there is one.
    boolean newest(Bytes key, FoundRow found) {
        long ticket = parts.calls().enter("look at a row");
        try {
            LsmView view = parts.writes().views().current();
            return parts.reading().points().newest(view, key, Long.MAX_VALUE, found);
        } finally {
            parts.calls().leave(ticket);
        }
    }

    @Override
    public EngineMemory memory() {
        return parts.memory();
    }

    @Override
    public @Nullable LocalStatus local() {
        return parts.writes().local();
    }

    @Override
    public @Nullable DatabaseOwner owner() {
        return parts.writes().owner();
    }

    @Override
    public SeqTimes seqTimes() {
        return new TrackedTimes(parts.writes().manifest().current().manifest().sequenceTracker());
    }

    @Override
    public DbStats stats() {
        return parts.stats(watermarks());
    }

    private Deadline deadline() {
        return Deadline.after(parts.place().env(), parts.place().settings().writeTimeout());
    }

    private static Unavailable interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new Unavailable(what, cause);
    }

    @Override
    public Scope scope() {
        return parts.scope();
    }

    @Override
    public ShutdownReport shutdown(Mode mode, Duration budget) {
        try {
            return parts.scope().stop(mode, budget, "shutdown of the database");
        } catch (InterruptedException interrupted) {
            throw interrupted("waiting for a stop was interrupted, it goes on", interrupted);
        }
    }

    @Override
    public void close() {
        ShutdownReport report = shutdown(Mode.SMART, parts.place().settings().closeTimeout());
        if (report.exitCode() != ExitCode.CLEAN)
            LOG.log(System.Logger.Level.WARNING, "not closed cleanly: {0}", report.toJson());
        long missing = writer.applied() - parts.writes().log().localSeq();
        if (0 < missing && parts.calls().wereEndedByClose())
            throw new Unavailable(
                    "closed before all commits were durable. missing=`" + missing + "`", null);
    }
}
