package dev.holdfast.engine.compact;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.compact.TableCheck.KeptBlocks;
import dev.holdfast.engine.event.CompactionEvent;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.lifecycle.durable.Durable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A compaction that was begun: what its parts have finished, and how they ended.
///
/// Guarded by its [JobList]: every method needs that lock, but for [#isAbandoned], [#isShared] and
/// [#kept].
final class ActiveJob {
    private final Ulid id;
    private final CompactionPlan plan;
    private final List<Durable<SstHandle>> before = new ArrayList<>();
    private final List<List<Durable<SstHandle>>> byPart = new ArrayList<>();
    private final List<Boolean> isPartDone = new ArrayList<>();
    private final KeptBlocks kept;
    private int partsRunning;
    private int recorded;
    private DbStats.Rows rows = DbStats.Rows.NONE;
    private long sourceBytes;
    private long bytesWritten;
    private final CompactionEvent event = new CompactionEvent();
    private final long startNanos;
    private int attempts;
    private @Nullable RuntimeException failure;
    private @Nullable Deadline retryAt;
    private boolean isFresh;
    private volatile boolean isShared;
    private volatile boolean isAbandoned;

    private ActiveJob(
            Ulid id,
            CompactionPlan plan,
            List<Durable<SstHandle>> finishedBefore,
            KeptBlocks kept,
            long startNanos) {
        this.id = id;
        this.plan = plan;
        this.kept = kept;
        this.startNanos = startNanos;
        event.begin();
        before.addAll(finishedBefore);
        recorded = before.size();
    }

    /// One that nobody has begun before.
    static ActiveJob fresh(Ulid id, CompactionPlan plan, KeptBlocks kept, long startNanos) {
        var job = new ActiveJob(id, plan, List.of(), kept, startNanos);
        job.isFresh = true;
        return job;
    }

    /// One that an older compactor has left.
    static ActiveJob takenUp(
            Ulid id,
            CompactionPlan plan,
            List<Durable<SstHandle>> finishedBefore,
            KeptBlocks kept,
            long startNanos) {
        return new ActiveJob(id, plan, finishedBefore, kept, startNanos);
    }

    /// What stays in memory of its tables. Needs no lock.
    KeptBlocks kept() {
        return kept;
    }

    /// Begins an attempt in so many parts, on sources of so many bytes.
    void begin(int parts, long bytes) {
        sourceBytes = bytes;
        List<Durable<SstHandle>> kept = prefix();
        before.clear();
        before.addAll(kept);
        byPart.clear();
        isPartDone.clear();
        for (int i = 0; i < parts; i++) {
            byPart.add(new ArrayList<>());
            isPartDone.add(false);
        }
        partsRunning = parts;
        failure = null;
        retryAt = null;
        attempts++;
        isFresh = false;
    }

    /// An attempt ended before it had any part.
    void couldNotBegin(RuntimeException why) {
        failure = why;
        retryAt = null;
        attempts++;
    }

    void finished(int part, Durable<SstHandle> table) {
        byPart.get(part).add(table);
        bytesWritten += table.position().properties().propertiesOffset();
    }

    void partDone(int part, DbStats.Rows done) {
        isPartDone.set(part, true);
        rows = rows.plus(done);
        partsRunning--;
    }

    void partFailed(RuntimeException why) {
        if (failure == null || failure instanceof CompactionCut) failure = why;
        partsRunning--;
    }

    void retryAt(Deadline at) {
        retryAt = at;
    }

    /// The tables finished without a gap from the first key on: what a later attempt builds on.
    List<Durable<SstHandle>> prefix() {
        var tables = new ArrayList<>(before);
        for (int part = 0; part < byPart.size(); part++) {
            tables.addAll(byPart.get(part));
            if (!isPartDone.get(part)) break;
        }
        return tables;
    }

    /// All tables, once every part is done.
    List<Durable<SstHandle>> outputs() {
        return Stream.concat(before.stream(), byPart.stream().flatMap(List::stream)).toList();
    }

    /// True once an attempt has gone through all keys: only then [#outputs] is the whole.
    boolean isComplete() {
        return !isPartDone.isEmpty() && !isPartDone.contains(false);
    }

    /// True if nobody has worked on it yet.
    boolean isFresh() {
        return isFresh;
    }

    /// Workers on other machines may take part from now on.
    void share() {
        isShared = true;
    }

    /// True if workers may take part. Needs no lock.
    boolean isShared() {
        return isShared;
    }

    /// Nobody wants what comes of it any more.
    void abandon() {
        isAbandoned = true;
    }

    /// True once nobody waits for it. Needs no lock.
    boolean isAbandoned() {
        return isAbandoned;
    }

    /// How many tables its present attempts have written.
    long tablesWritten() {
        return outputs().size();
    }

    boolean isRunning() {
        return 0 < partsRunning;
    }

    boolean isWaitingToRetry() {
        return retryAt != null;
    }

    boolean isDueToRetry() {
        return retryAt != null && retryAt.isExpired();
    }

    /// How long it is until it is to be tried again, `longest` at most.
    Duration untilRetry(Duration longest) {
        if (retryAt == null) return longest;
        long nanos = Math.max(1, retryAt.remainingNanos());
        return nanos < longest.toNanos() ? Duration.ofNanos(nanos) : longest;
    }

    /// How many tables of [#prefix] the compactor's state in the store knows.
    int recorded() {
        return recorded;
    }

    void setRecorded(int count) {
        recorded = count;
    }

    @Nullable RuntimeException failure() {
        return failure;
    }

    int attempts() {
        return attempts;
    }

    /// What became of the rows that were read.
    DbStats.Rows rows() {
        return rows;
    }

    /// How many bytes its sources have.
    long sourceBytes() {
        return sourceBytes;
    }

    /// How many bytes its tables have, those of all attempts.
    long bytesWritten() {
        return bytesWritten;
    }

    /// When it began.
    long startNanos() {
        return startNanos;
    }

    /// Tells a flight recorder of it, now that it is over.
    void recordEnd(String database, String outcome) {
        event.end();
        if (!event.shouldCommit()) return;
        event.database = database;
        event.id = id.toString();
        event.l0Tables = plan.l0().size();
        event.sourceRuns = plan.runs().toString();
        event.destination = plan.destination();
        event.bytesRead = sourceBytes;
        event.bytesWritten = bytesWritten;
        event.tablesWritten = outputs().size();
        event.rowsRead = rows.read();
        event.attempts = attempts;
        event.outcome = outcome;
        event.commit();
    }

    Ulid id() {
        return id;
    }

    CompactionPlan plan() {
        return plan;
    }

    /// Those under way, and what has become of all others; to be read under their lock.
    record Book(Collection<ActiveJob> active, Totals totals) {}

    /// What a compactor has done since it started.
    ///
    /// Guarded like the jobs themselves.
    static final class Totals {
        private long published;
        private long givenUp;
        private long retries;
        private long fenced;
        private long nanos;
        private long bytesRead;
        private long bytesWritten;
        private long tablesWritten;
        private DbStats.Rows rows = DbStats.Rows.NONE;

        void published(ActiveJob job, long nowNanos) {
            published++;
            nanos += nowNanos - job.startNanos();
            bytesRead += job.sourceBytes();
            bytesWritten += job.bytesWritten();
            tablesWritten += job.tablesWritten();
            rows = rows.plus(job.rows());
        }

        void givenUp(ActiveJob job) {
            givenUp++;
            bytesWritten += job.bytesWritten();
        }

        void retried() {
            retries++;
        }

        void fenced(Collection<ActiveJob> left) {
            fenced++;
            for (ActiveJob job : left) bytesWritten += job.bytesWritten();
        }

        long published() {
            return published;
        }

        /// How many tables there are of it, those of `active` included.
        long tablesWritten(Collection<ActiveJob> active) {
            return tablesWritten + active.stream().mapToLong(ActiveJob::tablesWritten).sum();
        }

        long rowsRead() {
            return rows.read();
        }

        DbStats.Compactions figures(Collection<ActiveJob> active) {
            return new DbStats.Compactions(
                    active.size(),
                    published,
                    givenUp,
                    retries,
                    fenced,
                    nanos,
                    bytesRead,
                    bytesWritten + active.stream().mapToLong(ActiveJob::bytesWritten).sum(),
                    rows);
        }
    }
}
