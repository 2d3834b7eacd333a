package dev.holdfast.engine.compact;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.compact.CompactionJob.Part;
import dev.holdfast.format.work.FinishedTable;
import dev.holdfast.format.work.PartClaim;
import dev.holdfast.format.work.PartOrder;
import dev.holdfast.format.work.PartResult;
import dev.holdfast.format.work.PartResult.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A part that a worker has claimed: what it has made of it, and how it ended.
///
/// Guarded by its [PartWorker], but for [#isLost] and [#step].
final class HeldPart {
    private static final int CAUSE_LENGTH_MAX = 200;

    private final PartOrder order;
    private final PartClaim claim;
    private final List<FinishedTable> finished;
    private final AtomicLong steps = new AtomicLong();
    private long beats;
    private Deadline nextBeat;
    private boolean hasEnded;
    private boolean wasReported;
    private long rowsRead;
    private @Nullable RuntimeException failure;
    private volatile boolean isLost;

    HeldPart(PartOrder order, PartClaim claim, Env env) {
        this.order = order;
        this.claim = claim;
        finished = new ArrayList<>(order.finished());
        nextBeat = Deadline.after(env, order.making().beat());
    }

    /// What is left to be done of it.
    Part left() {
        var whole = new Part(order.start(), order.end(), null);
        List<FinishedTable> before = order.finished();
        return before.isEmpty() ? whole : whole.behind(before.getLast().table());
    }

    void wrote(FinishedTable table) {
        finished.add(table);
    }

    void end(long rows, @Nullable RuntimeException why) {
        hasEnded = true;
        rowsRead = rows;
        failure = why;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /// True if it has ended, and was not reported, or not just now.
    boolean isToBeSettled() {
        return hasEnded && (!wasReported || nextBeat.isExpired());
    }

    /// The work goes on. Needs no lock.
    void step() {
        steps.incrementAndGet();
    }

    /// Somebody else has it now.
    void lose() {
        isLost = true;
    }

    /// True once what comes of it counts no more. Needs no lock.
    boolean isLost() {
        return isLost;
    }

    /// When the next beat is due.
    Deadline nextBeat() {
        return nextBeat;
    }

    /// The claim with the next beat.
    PartClaim beat(Env env) {
        nextBeat = Deadline.after(env, order.making().beat());
        return new PartClaim(
                claim.key(), claim.claimant(), claim.worker(), ++beats, steps.get(), finished);
    }

    /// What came of it, to be reported; if that fails, in a beat again.
    PartResult result(Env env) {
        wasReported = true;
        nextBeat = Deadline.after(env, order.making().beat());
        RuntimeException why = failure;
        String cause = why == null ? "" : String.valueOf(why.getMessage());
        return new PartResult(
                order.key(),
                order.start(),
                order.end(),
                claim.claimant(),
                claim.worker(),
                ending(why),
                rowsRead,
                finished,
                cause.substring(0, Math.min(CAUSE_LENGTH_MAX, cause.length())));
    }

    private static Ending ending(@Nullable RuntimeException why) {
        return switch (why) {
            case null -> Ending.DONE;
            case CompactionCut _ -> Ending.GIVEN_BACK;
            case Unavailable _ -> Ending.GIVEN_BACK;
            default -> Ending.FAILED;
        };
    }

    /// How many tables it has added.
    long tablesWritten() {
        return finished.size() - order.finished().size();
    }

    long rowsRead() {
        return rowsRead;
    }

    PartOrder order() {
        return order;
    }
}
