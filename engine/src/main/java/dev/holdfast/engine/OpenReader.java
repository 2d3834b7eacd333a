package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.follow.Moment;
import dev.holdfast.engine.follow.Source;
import dev.holdfast.engine.read.StableView;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ShutdownReport;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An open reader: every call passes the gate, takes the moment that is shown, and stays on it.
final class OpenReader implements HoldfastReader {
    private static final System.Logger LOG = System.getLogger(OpenReader.class.getName());
    private static final int MOMENTS_MAX = 4; // that one get tries, as collectors go by

    private final Parts parts;
    private final Duration closeTimeout;

    /// What an open reader is made of.
    record Parts(
            Source source, StableView.Reading reading, Calls calls, Ending ending, Scope scope) {}

    OpenReader(Parts parts, Duration closeTimeout) {
        this.parts = parts;
        this.closeTimeout = closeTimeout;
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        return atSomeMoment(
                moment -> parts.reading().points().get(moment.view(), key, moment.seq(), null));
    }

    @Override
    public @Nullable Row row(Bytes key, Reads.Options options) {
        return atSomeMoment(moment -> stable(moment).row(key, options));
    }

    @Override
    public List<@Nullable Bytes> multiGet(List<Bytes> keys, Reads.Options options) {
        return atSomeMoment(moment -> stable(moment).multiGet(keys, options));
    }

    @Override
    public Scan scan(KeyRange range, Scan.Options options) {
        return within("scan", () -> moment().scan(range, options));
    }

    private <R extends @Nullable Object> R atSomeMoment(Function<Moment, R> read) {
        return within(
                "get",
                () -> {
                    for (int attempt = 1; ; attempt++) {
                        Moment moment = parts.source().current();
                        try {
                            return read.apply(moment);
                        } catch (CorruptData failure) {
                            StorageException why = explained(moment, failure);
                            if (!(why instanceof Conflict) || attempt == MOMENTS_MAX) throw why;
                        }
                    }
                });
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return within("scan", () -> moment().scan(range, order));
    }

    @Override
    public ReadView view() {
        return within("view", this::moment);
    }

    private MomentView moment() {
        return new MomentView(this, parts.source().current());
    }

    StableView stable(Moment moment) {
        return new StableView(parts.reading(), moment.view(), moment.seq());
    }

    <R extends @Nullable Object> R within(String doing, Supplier<R> call) {
        long ticket = parts.calls().enter(doing);
        try {
            return call.get();
        } finally {
            parts.calls().leave(ticket);
        }
    }

    /// Throws `Closed` if the reader has ended.
    void requireOpen() {
        parts.ending().check();
    }

    /// What to tell one who met `failure` at `moment`.
    StorageException explained(Moment moment, CorruptData failure) {
        if (!failure.isMissing()) return failure;
        try {
            return parts.source().explain(moment, failure);
        } catch (InterruptedException interrupted) {
            throw interrupted("a read was interrupted", interrupted);
        }
    }

    @Override
    public Status status() {
        return parts.source().status();
    }

    @Override
    public void awaitSeq(long seq, Duration timeout) throws InterruptedException {
        long ticket = parts.calls().enter("await a commit");
        try {
            parts.source().awaitSeq(seq, timeout);
        } finally {
            parts.calls().leave(ticket);
        }
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
            return parts.scope().stop(mode, budget, "shutdown of the reader");
        } catch (InterruptedException interrupted) {
            throw interrupted("waiting for a stop was interrupted, it goes on", interrupted);
        }
    }

    @Override
    public void close() {
        ShutdownReport report = shutdown(Mode.SMART, closeTimeout);
        if (report.exitCode() != ExitCode.CLEAN)
            LOG.log(System.Logger.Level.WARNING, "not closed cleanly: {0}", report.toJson());
    }
}
