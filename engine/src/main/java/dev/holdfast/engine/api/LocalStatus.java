package dev.holdfast.engine.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The local log of an open database at one moment.
///
/// ```java
/// LocalStatus status = database.local();
/// if (status != null) System.out.println(status.exposure().bytes() + " bytes on this disk alone");
/// ```
///
/// @param replayed how many commits of an earlier life only this disk had
/// @param forcedSeq the last commit that it holds durably
/// @param forces how many groups of commits were forced
/// @param exposure what the loss of the disk would cost
/// @param readOnlyWhy why it takes no commits, empty if it does
/// @param waiting the tables that lie here because the object store may not have them
/// @param diverged the tail that was kept aside at the opening, null if there was none
/// @param uploads what is on its way to the object store
/// @param heldUp writers that were held up, as the object store is behind
/// @param commitsElided commits that were never put into the log there, as published tables had
///   them first
public record LocalStatus(
        Path directory,
        long replayed,
        long forcedSeq,
        long forces,
        Exposure exposure,
        String readOnlyWhy,
        Waiting waiting,
        @Nullable Diverged diverged,
        Uploads uploads,
        HeldUp heldUp,
        long commitsElided) {

    /// What the loss of the local disk would cost now: the commits that the object store does not
    /// have. Never less than the truth.
    ///
    /// @param bytes that they take in the log on this machine: their rows, and what frames them
    /// @param age since the oldest of them was committed; zero if there are none
    public record Exposure(long bytes, Duration age) {}

    /// Tables on the local disk that no published manifest is known to name.
    ///
    /// @param tables how many
    /// @param bytes of their files
    /// @param refusedWhy why the disk took no table when one was last offered, empty if it did:
    ///   then what would be in it stays in memory, or goes to the object store at once
    public record Waiting(int tables, long bytes, String refusedWhy) {}

    /// How often writers were held up so that they do not get too far ahead of the object store.
    ///
    /// @param slowed for moments
    /// @param stopped until there was room, or their deadline
    /// @param time of all of them
    public record HeldUp(long slowed, long stopped, Duration time) {}

    /// A tail of the local log that another writer's epoch has cut off from the database: kept
    /// aside, never merged, never deleted.
    ///
    /// @param epoch under which it was written
    /// @param afterSeq the commits behind this one are in it; some of them may be in the store too
    /// @param lastSeq the last commit that can be read
    /// @param directory where its segments are now
    public record Diverged(long epoch, long afterSeq, long lastSeq, Path directory) {}

    /// What is on its way to the object store.
    ///
    /// @param tasks those that have not ended, oldest first; the first thousand
    /// @param count how many there are
    /// @param bytes of all of them
    /// @param done how many have ended well since the opening
    /// @param bytesDone of those
    /// @param parkedWhy why the store takes nothing until a person acts, empty if it does
    /// @param stalls how often something waited while nothing would have set it going: a defect
    /// @param eta until all is done at the rate of the last seconds, null if nothing has moved
    public record Uploads(
            List<Task> tasks,
            int count,
            long bytes,
            long done,
            long bytesDone,
            Attempts attempts,
            String parkedWhy,
            long stalls,
            @Nullable Duration eta) {

        /// What it takes to get them there.
        ///
        /// @param running attempts under way
        /// @param slots how many may go at once, manifests aside: fewer after the store asked so
        /// @param failures attempts that were not answered
        /// @param slowDowns attempts that were answered with a request for fewer
        public record Attempts(int running, int slots, long failures, long slowDowns) {}

        /// One of them.
        ///
        /// @param kind log object, table, manifest or removal
        /// @param attempts how many were begun
        /// @param blockedBy what must be done first
        /// @param lastError of the last attempt, empty if there is none
        /// @param nextAttemptIn how long until then, null if it waits for something else
        /// @param age since it was submitted
        public record Task(
                long id,
                String kind,
                String name,
                long bytes,
                int attempts,
                String state,
                List<String> blockedBy,
                String lastError,
                @Nullable Duration nextAttemptIn,
                Duration age) {

            /// In the words of a report.
            public String inWords() {
                var words = new StringBuilder(kind + " " + name + ": " + state);
                words.append(", attempts ").append(attempts);
                if (!blockedBy.isEmpty()) words.append(", after ").append(blockedBy);
                if (!lastError.isEmpty()) words.append(", last error: ").append(lastError);
                return words.toString();
            }
        }
    }
}
