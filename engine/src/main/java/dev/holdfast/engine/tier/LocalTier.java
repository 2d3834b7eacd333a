package dev.holdfast.engine.tier;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.LocalStatus.Exposure;
import dev.holdfast.engine.api.LocalStatus.Waiting;
import dev.holdfast.engine.local.DatabaseOwner.Hint;
import dev.holdfast.engine.ship.DrainNews;
import dev.holdfast.engine.ship.UploadScheduler;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.engine.wal.RemoteWal;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.wait.Token;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/// A database's local log with what keeps it, and its way from one life to the next.
///
/// Every commit that [#takeOver] hands out is appended again, to segments of this life; until they
/// hold all of it the old ones count, so it may die at any call. Only then may anything else be
/// committed.
public final class LocalTier {
    /// Takes the commits that only this disk has.
    @FunctionalInterface
    public interface Sink {
        /// In the order of commits, without a gap.
        void commit(LocalRecord record) throws InterruptedException;
    }

    private static final System.Logger LOG = System.getLogger(LocalTier.class.getName());

    private final LocalHome home;
    private final Env env;
    private final long epoch;
    private final LocalLog log;
    private final UploadScheduler uploads;
    private final LocalTables tables;
    private final SegmentKeeper keeper;
    private long replayed;
    private volatile boolean isTakenOver;

    /// @param publishedSeq the last commit in tables that the newest published manifest names
    public LocalTier(
            LocalHome home,
            LocalLog log,
            LocalTables tables,
            UploadScheduler uploads,
            LongSupplier publishedSeq) {
        this.home = home;
        this.tables = tables;
        env = home.env();
        epoch = tables.epoch();
        this.log = log;
        this.uploads = uploads;
        keeper = new SegmentKeeper(home, log, publishedSeq);
    }

    /// A log for the directory `home`, in front of `remote`.
    public static LocalLog log(LocalHome home, RemoteWal remote, Ending ending, Token token) {
        return new LocalLog(home.place().settings(), remote, home.env(), ending, token);
    }

    /// The parts with a life of their own. They require a component called `store`.
    public List<Component> components() {
        LongSupplier left = () -> log.exposure().bytes();
        var news = new DrainNews(env, uploads, left, line -> LOG.log(Level.INFO, line));
        return List.of(keeper, log, uploads, news);
    }

    /// The log.
    public LocalLog log() {
        return log;
    }

    /// The tables that the object store may not have.
    public LocalTables tables() {
        return tables;
    }

    /// A manifest was published.
    public void nudge() {
        keeper.nudge();
    }

    /// Replays what lies behind `after`, the last commit that the object store has: `sink` appends
    /// it again. Returns once it is durable under this epoch, and from then on nothing older
    /// counts.
    ///
    /// @param patience the longest wait for the disk once everything has been appended
    public void takeOver(long after, Sink sink, Duration patience) throws InterruptedException {
        try {
            LogScan tail = home.tail();
            SegmentFiles files = home.files();
            long first = files.nextNumber();
            var writer = new LogWriter(files, home.database(), epoch, after, env.randomLong());
            log.begin(after, writer);
            LogScan.End end = tail.replay(after, sink::commit);
            replayed = end.lastSeq() - after;
            log.awaitLocal(end.lastSeq(), Deadline.after(env, patience));
            home.begin(epoch, first);
            files.removeBefore(first);
            tables.removeLeftovers();
            keeper.begin(files, writer);
            log.limit();
            isTakenOver = true;
        } catch (DiskException failure) {
            throw LocalHome.unavailable(home.place().directory(), failure);
        }
    }

    /// What is known of it now.
    public LocalStatus status() {
        DiskException failure = log.failure();
        return new LocalStatus(
                home.place().directory(),
                replayed,
                log.forcedSeq(),
                log.groups(),
                log.exposure(),
                failure == null ? "" : String.valueOf(failure.getMessage()),
                waiting(),
                home.diverged(),
                uploads.report(),
                log.heldUp(),
                log.commitsElided());
    }

    private Waiting waiting() {
        DiskException refusal = tables.refusal();
        return new Waiting(
                tables.tables().size(),
                tables.pinnedBytes(),
                refusal == null ? "" : String.valueOf(refusal.getMessage()));
    }

    /// True once [#takeOver] is through. Before, the disk may have commits that nobody counts yet.
    public boolean isTakenOver() {
        return isTakenOver;
    }

    /// What the loss of the disk would cost now. Never less than the truth once it is taken over.
    public Hint unshipped() {
        long remote = log.durableSeq(); // first: the marks must not cross
        Exposure exposure = log.exposure();
        return new Hint(
                Instant.ofEpochMilli(env.currentTimeMillis()),
                log.localSeq(),
                remote,
                exposure.bytes(),
                exposure.age());
    }

    /// Lets go of the directory where no component did.
    public void close() {
        home.close();
    }
}
