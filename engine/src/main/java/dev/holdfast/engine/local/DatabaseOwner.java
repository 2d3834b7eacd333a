package dev.holdfast.engine.local;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who had a database last, by the word that it left in the store.
///
/// @param epoch under which it writes, or wrote
/// @param node the id of its local directory; null if it had none
/// @param log what of its commits it puts into the log in the store
/// @param directory where that directory was on its machine; empty if it had none
/// @param since when it opened the database, by its clock
/// @param end how it ended; null if it left no word of that: it runs, or was killed
/// @param hint what it said last about commits that the store did not have; null if it said nothing
public record DatabaseOwner(
        long epoch,
        @Nullable UUID node,
        Mode mode,
        Log log,
        String directory,
        Instant since,
        @Nullable End end,
        @Nullable Hint hint) {

    /// Where commits are first.
    public enum Mode {
        /// On the disk of its machine.
        LOCAL_FIRST,
        /// In the store.
        REMOTE
    }

    /// What goes into the log in the store.
    public enum Log {
        /// All commits but those that published tables hold by then.
        SPARE,
        /// Every commit.
        WHOLE
    }

    /// How an owner ended.
    public enum End {
        /// In order: the store has everything that it acknowledged.
        DRAINED
    }

    /// What the loss of its disk would have cost at one moment.
    ///
    /// @param at the moment, by its clock
    /// @param localSeq the last commit on its disk
    /// @param remoteSeq the last commit that the store had
    /// @param bytes of the rows in between
    /// @param age of the oldest of them
    public record Hint(Instant at, long localSeq, long remoteSeq, long bytes, Duration age) {
        /// How many commits the store did not have.
        public long commits() {
            return Math.max(0, localSeq - remoteSeq);
        }
    }

    /// True if commits may be on its disk that the store does not have.
    public boolean mayHaveMore() {
        return mode == Mode.LOCAL_FIRST && end == null;
    }

    /// True if it may leave commits out of the log in the store.
    public boolean mayLeaveOut() {
        return mayHaveMore() && log == Log.SPARE;
    }

    /// The same, of which more is known.
    public DatabaseOwner with(@Nullable End ended, @Nullable Hint said) {
        return new DatabaseOwner(epoch, node, mode, log, directory, since, ended, said);
    }
}
