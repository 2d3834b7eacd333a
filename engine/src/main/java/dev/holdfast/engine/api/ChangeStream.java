package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Every commit of a database, once and in the order of commits, as the log in the store has it.
///
/// A stream is read from the store alone: in the writer's process, beside it, or without it.
/// Whoever keeps the [Batch#next] of the last batch it is through with goes on behind that batch,
/// however often it dies. A stream with a name keeps collectors from the log, and writers from
/// leaving commits out of it, for as long as it is read and for its lease afterwards. What can be
/// told no more is never passed over: `ChangesMissing` says what.
///
/// ```java
/// var settings = ChangeStream.Settings.named("search-index");
/// try (ChangeStream changes = Engine.changes(store, "db", settings)) {
///     while (true) {
///         ChangeStream.Batch batch = changes.next(Duration.ofSeconds(10));
///         if (batch == null) continue;                          // nothing new so far
///         batch.rows().forEach(this::index);
///         changes.acknowledge(batch.next());
///     }
/// }
/// ```
///
/// One thread at a time, but for [#close].
public interface ChangeStream extends AutoCloseable {
    /// The next commit, waiting for one up to `timeout`; null if there is none by then.
    /// `Unavailable` if the store does not answer (call again), `ChangesMissing` if what comes next
    /// is gone, `CorruptData` if it is damaged, `Closed` if this stream is.
    @Nullable Batch next(Duration timeout) throws InterruptedException;

    /// The place behind the last batch that was returned.
    Position position();

    /// The consumer is through with everything before `position`: the log up to there is not kept
    /// for it any more, and a stream of this name that says [Start.Acknowledged] begins there. The
    /// store learns of it with the next renewal of the lease, and at the close.
    void acknowledge(Position position);

    /// When the lease ends unless it is renewed; null for a stream without a name.
    @Nullable Instant keptUntil();

    /// Gives the name up: nothing is kept for it any more. Closes.
    void forget();

    /// Ends the stream. What it was promised stays promised until the lease ends.
    @Override
    void close();

    /// How a stream is read.
    ///
    /// @param name who reads; null to have nothing kept, and nothing written to the store
    /// @param start where it begins
    /// @param lease how long the log is kept for it after its last call
    /// @param pollInterval the pause between two looks for more while something changes
    /// @param pollIntervalMax the pause to which it grows while nothing changes
    record Settings(
            @Nullable String name,
            Start start,
            Duration lease,
            Duration pollInterval,
            Duration pollIntervalMax) {
        private static final Duration LEASE_MIN = Duration.ofSeconds(5);

        public Settings {
            require(LEASE_MIN.compareTo(lease) <= 0, "lease too short: %s", lease);
            require(pollInterval.isPositive(), "pollInterval must be positive: %s", pollInterval);
            require(
                    pollInterval.compareTo(pollIntervalMax) <= 0,
                    "pollInterval %s exceeds pollIntervalMax %s",
                    pollInterval,
                    pollIntervalMax);
        }

        /// A stream that has the log kept for an hour, from now on.
        public static Settings named(String name) {
            return of(name, new Start.Now());
        }

        /// A stream that has nothing kept, from now on.
        public static Settings unnamed() {
            return of(null, new Start.Now());
        }

        private static Settings of(@Nullable String name, Start start) {
            return new Settings(
                    name,
                    start,
                    Duration.ofHours(1),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(5));
        }

        /// The same, from elsewhere.
        public Settings from(Start start) {
            return new Settings(name, start, lease, pollInterval, pollIntervalMax);
        }

        /// The same, from `position` on.
        public Settings from(Position position) {
            return from(new Start.At(position));
        }

        /// The same with another lease.
        public Settings withLease(Duration lease) {
            return new Settings(name, start, lease, pollInterval, pollIntervalMax);
        }

        /// The same with these pauses between looks at the store.
        public Settings withPolls(Duration pollInterval, Duration pollIntervalMax) {
            return new Settings(name, start, lease, pollInterval, pollIntervalMax);
        }
    }

    /// Where a stream begins.
    sealed interface Start {
        /// Behind everything that is in the store when it is opened.
        record Now() implements Start {}

        /// At the oldest commit from which on the log in the store is whole.
        record Oldest() implements Start {}

        /// At the place that was acknowledged last under this name; `Invalid` if there is none.
        record Acknowledged() implements Start {}

        /// At a place that was kept.
        record At(Position position) implements Start {}
    }

    /// A place between two commits. Its text is for keeping: nothing but [#parse] should read it.
    ///
    /// @param walId the log object that is read next
    /// @param seq everything up to this commit lies before
    record Position(long walId, long seq) {
        private static final Pattern TEXT =
                Pattern.compile("c1-(\\d{1,18})-(\\d{1,18})-([0-9a-f]{8})");

        public Position {
            require(0 < walId && 0 <= seq, "not a place: %d, %d", walId, seq);
        }

        /// The place right behind what `shown` shows: whoever has copied that goes on here.
        public static Position behind(DbReader.Status shown) {
            return new Position(shown.lastWalId() + 1, shown.seq());
        }

        /// The place in `text`; throws `Invalid` if it is not the text of one.
        public static Position parse(String text) {
            Matcher form = TEXT.matcher(text);
            if (form.matches() && 0 < Long.parseLong(form.group(1))) {
                long walId = Long.parseLong(form.group(1));
                var position = new Position(walId, Long.parseLong(form.group(2)));
                if (position.toString().equals(text)) return position;
            }
            throw new StorageException.Invalid("not a position: `" + text + "`", null);
        }

        @Override
        public String toString() {
            String place = "c1-%d-%d".formatted(walId, seq);
            var sum = new CRC32();
            sum.update(place.getBytes(StandardCharsets.US_ASCII));
            return place + String.format(Locale.ROOT, "-%08x", sum.getValue());
        }
    }

    /// One commit.
    ///
    /// @param seq its number
    /// @param rows in the order in which they were written; of two of one key the later holds. None
    ///   for an ingest
    /// @param next the place behind it
    /// @param ingested what came past the log, if it is an ingest; null for every other commit
    record Batch(long seq, List<Row> rows, Position next, @Nullable Ingested ingested) {
        public Batch {
            rows = List.copyOf(rows);
        }

        /// One whose rows are in the log.
        public Batch(long seq, List<Row> rows, Position next) {
            this(seq, rows, next, null);
        }
    }

    /// Rows that came past the log, as one commit: see [Db.Ingest]. A view of the database that
    /// shows at least that commit has them, among the keys from `firstKey` to `lastKey`;
    /// [Scan.Options] `newerThan` passes over what is older.
    record Ingested(long rows, Bytes firstKey, Bytes lastKey) {}

    /// What a commit does to a key.
    enum Kind {
        PUT,
        DELETE,
        MERGE
    }

    /// One row of a commit.
    ///
    /// @param value empty where the key is deleted; an operand where it is merged
    /// @param createdAtMillis since the Unix epoch; null where the writer did not say
    /// @param expireAtMillis since the Unix epoch; null if it never expires
    record Row(
            Bytes key,
            Kind kind,
            Bytes value,
            @Nullable Long createdAtMillis,
            @Nullable Long expireAtMillis) {}

    /// Commits that can be told no more. Where to go on: at `resume`, with a view of the database
    /// that shows at least commit `throughSeq`.
    ///
    /// @param afterSeq the last commit before the gap
    /// @param throughSeq the last commit in it
    /// @param firstWalId the first log object that is gone, or the one behind the gap
    /// @param resume the first place behind it
    record Gap(long afterSeq, long throughSeq, long firstWalId, Position resume) {}
}
