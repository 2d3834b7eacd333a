package dev.holdfast.engine.wal;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.codec.CodecMissingException;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads the log back, object after object, and hands out whole commits.
///
/// Invariants:
/// 1. Rows come in commit order; what is in tables already does not come.
/// 2. A missing, damaged or misplaced object ends the replay: nothing behind it is taken.
/// 3. No answer is trusted alone unless it follows on what was read before.
public final class WalReplayer {
    /// Takes what is read back.
    public interface Sink {
        /// One row that is not in tables yet; the cursor moves on afterwards.
        void row(RowCursor row) throws InterruptedException;

        /// The rows since the last call of this were all of the commit `seq`.
        void endOfCommit(Durable<Long> seq) throws InterruptedException;

        /// The next object begins behind what follows on the last commit: a writer with a local log
        /// puts no commits that published tables hold. False if a newer manifest than the one that
        /// is read from may name those tables: then the replay ends before that object.
        default boolean mayPassGap() {
            return true;
        }

        /// The same, for who wants to know the commits on both sides of it.
        default boolean mayPassGap(long before, long behind) {
            return mayPassGap();
        }

        /// The object is a fence. One without bytes is a newer engine's, or was cut to nothing.
        default void fence(String name, WalDecoder.FenceForm form) {}

        /// All rows of object `id` were handed out. `lastSeq` is the last commit up to here.
        void endOfObject(Durable<Long> id, long lastSeq);
    }

    private static final int ATTEMPTS_MAX = 8;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(10);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(2);

    private final ObjectStore store;
    private final NumberedNames names;
    private final Env env;
    private final Token token;
    private Sealing sealing;
    private long lastSeq;
    private long seqBefore; // the last commit of the object read last, in tables or not

    /// @param lastFlushedSeq the last commit in tables
    public WalReplayer(ObjectStore store, String root, Env env, Token token, long lastFlushedSeq) {
        this.store = store;
        names = NumberedNames.wals(root);
        this.env = env;
        this.token = token;
        lastSeq = lastFlushedSeq;
        sealing = Sealing.none(env);
    }

    /// Objects that are sealed are opened by `sealing`.
    public WalReplayer openedBy(Sealing sealing) {
        this.sealing = sealing;
        return this;
    }

    /// The same replayer, but what comes next must lie behind `seq` with all of its rows.
    public WalReplayer behind(long seq) {
        lastSeq = seq;
        seqBefore = seq;
        return this;
    }

    /// Everything up to `lastFlushedSeq` is in tables by now: it is not handed out any more, and
    /// what is read next need not follow on what was read before.
    public void skipTo(long lastFlushedSeq) {
        lastSeq = Math.max(lastSeq, lastFlushedSeq);
        seqBefore = 0;
    }

    /// Hands out the commits in the objects `(after, last]` that are newer than those in tables. A
    /// later call goes on where an earlier one has ended. False if it ended at a gap.
    public boolean replay(long after, long last, Sink sink) throws InterruptedException {
        for (long id = after + 1; id <= last; id++) {
            String name = names.name(id);
            try {
                switch (expected(name)) {
                    case WalDecoder.Fence fence -> sink.fence(name, fence.form());
                    case WalDecoder.Rows object -> {
                        requireBehind(object.firstSeq());
                        if (lastSeq + 1 < object.firstSeq()
                                && !sink.mayPassGap(lastSeq, object.firstSeq())) return false;
                        seqBefore = handOut(object.rows(), sink);
                    }
                }
            } catch (FormatException wrong) {
                throw corrupt(name, wrong);
            }
            sink.endOfObject(Durable.confirmed(id), lastSeq);
        }
        return true;
    }

    private void requireBehind(long firstSeq) {
        if (firstSeq <= seqBefore)
            throw new FormatException(
                    "log object out of order. firstSeq=`%d`, before=`%d`"
                            .formatted(firstSeq, seqBefore));
    }

    // Returns the last commit in the object, in tables or not.
    private long handOut(RowCursor rows, Sink sink) throws InterruptedException {
        long seq = 0;
        while (rows.next()) {
            if (seq != rows.seq()) endCommit(seq, sink);
            seq = rows.seq();
            if (lastSeq < seq) sink.row(rows);
        }
        endCommit(seq, sink);
        return seq;
    }

    private void endCommit(long seq, Sink sink) throws InterruptedException {
        if (seq <= lastSeq) return;
        lastSeq = seq;
        sink.endOfCommit(Durable.confirmed(seq));
    }

    // A log object does not say which one it is. One that begins where the one before ended is the
    // right one; of any other, a fence included, a second answer must be the same.
    private WalDecoder.Content expected(String name) throws InterruptedException {
        WalDecoder.Content content = decoded(name);
        long next = 1 + (seqBefore == 0 ? lastSeq : seqBefore);
        if (content instanceof WalDecoder.Rows rows && rows.firstSeq() == next) return content;
        return contentOf(sameTwice(name));
    }

    private Bytes sameTwice(String name) throws InterruptedException {
        Bytes before = read(name);
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Bytes again = read(name);
            if (again.equals(before)) return again;
            before = again;
        }
        throw new FormatException("answers differ from one reading to the next");
    }

    // Damage on the way is healed by reading once more; damage in the store is not.
    private WalDecoder.Content decoded(String name) throws InterruptedException {
        try {
            return contentOf(read(name));
        } catch (FormatException _) {
            return contentOf(read(name));
        }
    }

    private WalDecoder.Content contentOf(Bytes object) {
        try {
            return WalDecoder.decode(object, sealing.log());
        } catch (CodecMissingException missing) {
            throw new Invalid(missing.getMessage(), missing);
        }
    }

    // The object is known to be there, so absence is a store that lags, for a moment.
    private Bytes read(String name) throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        RuntimeException failure = null;
        for (int attempt = 0; attempt < ATTEMPTS_MAX && !token.isCancelled(); attempt++) {
            if (0 < attempt) token.pause(backoff.next());
            try {
                Bytes object = store.get(name);
                if (object != null) return object;
                failure = null;
            } catch (ObjectStoreException.Unavailable unavailable) {
                failure = unavailable;
            } catch (ObjectStoreException.Refused refused) {
                failure = refused;
                break;
            }
        }
        if (failure == null && !token.isCancelled()) throw corrupt(name, null);
        throw new Unavailable("log object not readable. object=`" + name + "`", failure);
    }

    private static CorruptData corrupt(String name, @Nullable FormatException wrong) {
        if (wrong == null) return CorruptData.missing("log object missing. object=`" + name + "`");
        return new CorruptData(wrong.getMessage() + ". object=`" + name + "`", wrong);
    }
}
