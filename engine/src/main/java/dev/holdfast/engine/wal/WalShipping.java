package dev.holdfast.engine.wal;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.event.LogPutEvent;
import dev.holdfast.engine.ship.Shipment;
import dev.holdfast.engine.ship.Upload;
import dev.holdfast.engine.ship.UploadScheduler;
import dev.holdfast.engine.wal.WalPutter.Outcome;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends log objects with everything else that goes to the store, and keeps what the store does not
/// have within bounds.
///
/// Thread-safe.
final class WalShipping {
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final WalPutter putter;
    private final UploadScheduler uploads;
    private final Duration interval;
    private final Env env;
    private volatile @Nullable Upload underWay;

    /// @param interval the longest that a commit which nobody waits for is kept back
    WalShipping(WalPutter putter, UploadScheduler uploads, Duration interval) {
        this.putter = putter;
        this.uploads = uploads;
        this.interval = interval;
        env = putter.env();
    }

    Duration interval() {
        return interval;
    }

    /// Puts `parts` as object `id`, and waits until that has ended. UNTRIED if it was cancelled
    /// before the first attempt.
    Outcome put(long id, List<Bytes> parts, Token token) throws InterruptedException {
        var event = new LogPutEvent();
        event.begin();
        WalPutter.Sending sending = putter.sending(id, parts);
        long bytes = 0;
        for (Bytes part : parts) bytes += part.length();
        Outcome outcome = sent(sending, bytes, token);
        event.end();
        if (event.shouldCommit()) {
            event.object = sending.name();
            event.bytes = bytes;
            event.outcome = outcome.name();
            event.commit();
        }
        return outcome;
    }

    private Outcome sent(WalPutter.Sending sending, long bytes, Token token)
            throws InterruptedException {
        Upload upload;
        try {
            upload =
                    uploads.submit(
                            Shipment.of(
                                    Shipment.Kind.WAL,
                                    sending.name(),
                                    bytes,
                                    _ -> attempt(sending)));
        } catch (Closed _) {
            return Outcome.UNTRIED;
        }
        underWay = upload;
        try {
            while (!upload.isOver() && !token.isCancelled())
                upload.awaitEnd(Deadline.after(env, IDLE), token);
        } finally {
            underWay = null;
        }
        return outcomeOf(upload);
    }

    private static void attempt(WalPutter.Sending sending) {
        switch (sending.attempt()) {
            case OURS -> {}
            case FOREIGN ->
                    throw new Closed(
                            Closed.Reason.FENCED, sending.name() + " is another writer's", null);
            case NOTHING ->
                    throw new Unavailable("no answer. object=`" + sending.name() + "`", null);
        }
    }

    private static Outcome outcomeOf(Upload upload) {
        return switch (upload.state()) {
            case DONE -> Outcome.OURS;
            case FAILED -> {
                Throwable why = upload.failure();
                if (why instanceof Closed) yield Outcome.FOREIGN;
                throw new AssertionError("log object not put: " + upload.shipment().name(), why);
            }
            case CANCELLED -> upload.attempts() == 0 ? Outcome.UNTRIED : Outcome.GIVEN_UP;
            case BLOCKED, READY, RUNNING, RESTING -> Outcome.GIVEN_UP;
        };
    }

    /// What is under way is not needed any more, as far as nobody has tried it yet. One that was
    /// tried goes on: it may be there, and its id is spent.
    void cancelUntried() {
        Upload upload = underWay;
        if (upload != null) upload.cancelUntried();
    }

    /// Nobody waits for what is under way any more.
    void giveUp() {
        Upload upload = underWay;
        if (upload != null) upload.cancel();
    }

    /// Nothing is put any more.
    void leave() {
        uploads.leave();
    }

    /// Why the store takes nothing until a person acts; null if it does.
    @Nullable Throwable refusal() {
        return uploads.refusal();
    }

    void onRefusal(Runnable listener) {
        uploads.onRefusal(listener);
    }

    /// What has waited longest, in words.
    String oldest() {
        var tasks = uploads.report().tasks();
        return tasks.isEmpty() ? "nothing is under way" : tasks.getFirst().inWords();
    }
}
