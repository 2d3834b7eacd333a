package dev.holdfast.engine.write;

import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.manifest.FlushedRows;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.SegmentEdit;
import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tables that were written past the log, on their way into the manifest as one commit.
///
/// Invariants:
/// 1. Between the last commit before it and itself no other is numbered.
/// 2. Once the flusher has it, it ends only when the newest manifest shows whether it is published.
///
/// Thread-safe.
public final class Adoption {
    /// By how much its number may lie ahead of the last commit when it is chosen: so many commits
    /// may come meanwhile. What a sequence tracker of the older form can tell.
    public static final long LEAP = 1L << 30;

    /// What is adopted.
    ///
    /// @param seq of all rows, chosen when the first of them was written
    /// @param createdAtMillis the time that the rows tell
    /// @param keptUntilMillis so long no collector takes the tables though nothing names them
    /// @param keys as [RecentCommits] takes them; null if they are too many
    public record Content(
            long seq,
            long createdAtMillis,
            long keptUntilMillis,
            List<Durable<SstHandle>> tables,
            byte @Nullable [] keys) {
        public Content {
            tables = List.copyOf(tables);
        }
    }

    /// Who is told, before it is published, which commit it follows.
    @FunctionalInterface
    public interface Herald {
        /// Nothing follows `seqBefore` but what is adopted, and nothing log object `walId`. Throws
        /// `Unavailable` if that could not be made known: then nothing is published.
        void announce(long seqBefore, long walId) throws InterruptedException;
    }

    /// How far it has come.
    public enum State {
        /// Nothing was asked of the store that could make it a commit.
        WAITING,
        /// It may be one.
        UNDER_WAY,
        /// It is one.
        PUBLISHED,
        /// It is none, and its tables were kept for too long to become one.
        LATE
    }

    private final Content content;
    private volatile State state = State.WAITING;
    private volatile long snapshotMinSeq;
    private volatile Runnable atEnd = () -> {};

    public Adoption(Content content) {
        this.content = content;
    }

    Content content() {
        return content;
    }

    long seq() {
        return content.seq;
    }

    /// How far it has come.
    public State state() {
        return state;
    }

    /// The flusher has it from now on. `snapshotMinSeq` is the oldest commit that an open view
    /// needs; `atEnd` is run once it has ended.
    void handOver(long snapshotMinSeq, Runnable atEnd) {
        this.snapshotMinSeq = snapshotMinSeq;
        this.atEnd = atEnd;
        state = State.UNDER_WAY;
    }

    ManifestEdit edit(Durable<WalPosition> log, @Nullable SegmentRules segments, long nowMillis) {
        var rows = new FlushedRows(seq(), content.createdAtMillis, snapshotMinSeq, nowMillis);
        return SegmentEdit.added(content.tables, segments, log, rows);
    }

    /// The newest manifest has it.
    void published() {
        end(State.PUBLISHED);
    }

    /// The newest manifest has shown that it was not published, and will not be.
    void tooLate() {
        end(State.LATE);
    }

    private void end(State last) {
        state = last;
        atEnd.run();
    }
}
