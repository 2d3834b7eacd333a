package dev.holdfast.engine.compact;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.lifecycle.durable.Durable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A compaction that was begun: what its parts have finished, and how they ended.
///
/// Guarded by its [Compactor]: every method needs that lock, but for [#isAbandoned] and
/// [#isShared].
final class ActiveJob {
    private final Ulid id;
    private final CompactionPlan plan;
    private final List<Durable<SstHandle>> before = new ArrayList<>();
    private final List<List<Durable<SstHandle>>> byPart = new ArrayList<>();
    private final List<Boolean> isPartDone = new ArrayList<>();
    private int partsRunning;
    private int recorded;
    private long rowsRead;
    private int attempts;
    private @Nullable RuntimeException failure;
    private @Nullable Deadline retryAt;
    private boolean isFresh;
    private volatile boolean isShared;
    private volatile boolean isAbandoned;

    private ActiveJob(Ulid id, CompactionPlan plan, List<Durable<SstHandle>> finishedBefore) {
        this.id = id;
        this.plan = plan;
        before.addAll(finishedBefore);
        recorded = before.size();
    }

    /// One that nobody has begun before.
    static ActiveJob fresh(Ulid id, CompactionPlan plan) {
        var job = new ActiveJob(id, plan, List.of());
        job.isFresh = true;
        return job;
    }

    /// One that an older compactor has left.
    static ActiveJob takenUp(
            Ulid id, CompactionPlan plan, List<Durable<SstHandle>> finishedBefore) {
        return new ActiveJob(id, plan, finishedBefore);
    }

    /// Begins an attempt in so many parts.
    void begin(int parts) {
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
    }

    void partDone(int part, long rows) {
        isPartDone.set(part, true);
        rowsRead += rows;
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

    long rowsRead() {
        return rowsRead;
    }

    Ulid id() {
        return id;
    }

    CompactionPlan plan() {
        return plan;
    }
}
