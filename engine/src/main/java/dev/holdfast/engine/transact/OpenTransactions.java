package dev.holdfast.engine.transact;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Transaction.Limits;
import dev.holdfast.engine.write.RecentCommits;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The transactions that are open, oldest first: bounded in time and in what they make others keep.
///
/// Invariants:
/// 1. A lease is in the list exactly while it has not ended.
/// 2. What is kept of recent commits begins at most [Limits#recentMax] before the newest, but for
///    the keys of one commit.
///
/// Thread-safe.
final class OpenTransactions implements RecentCommits.Audience {
    private static final System.Logger LOG = System.getLogger(OpenTransactions.class.getName());
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Env env;
    private final Limits limits;
    private final RecentCommits recent;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments
    private @Nullable Lease oldest;
    private @Nullable Lease newest;
    // The first that recent commits are still kept for; whatever is older was outrun.
    private @Nullable Lease oldestKept;
    private volatile int count;
    private volatile long keptFrom = Long.MAX_VALUE; // bytes of the chain before `oldestKept`
    private boolean hasEnded;

    private final LongAdder begun = new LongAdder();
    private final LongAdder committed = new LongAdder();
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder expired = new LongAdder();

    OpenTransactions(Env env, Limits limits, RecentCommits recent) {
        this.env = env;
        this.limits = limits;
        this.recent = recent;
    }

    /// A lease that begins now. What it is to see is asked for afterwards: see [RecentCommits].
    Lease begin() {
        String beginner = Thread.currentThread().getName();
        guard.lock();
        try {
            expireOldest();
            count++; // before the end of the chain is looked at
            var lease = new Lease(env.nanoTime(), beginner, recent.end());
            append(lease);
            if (hasEnded) end(lease, Lease.End.CLOSED);
            begun.increment();
            return lease;
        } finally {
            guard.unlock();
        }
    }

    private void append(Lease lease) {
        lease.older = newest;
        if (newest == null) oldest = lease;
        else newest.newer = lease;
        newest = lease;
        if (oldestKept == null) keep(lease);
    }

    private void keep(@Nullable Lease lease) {
        oldestKept = lease;
        keptFrom = lease == null ? Long.MAX_VALUE : lease.bytesBefore();
    }

    /// `lease` is needed no longer.
    void giveBack(Lease lease) {
        guard.lock();
        try {
            if (lease.end() == null) end(lease, Lease.End.GIVEN_BACK);
        } finally {
            guard.unlock();
        }
    }

    private void end(Lease lease, Lease.End why) {
        if (oldestKept == lease) keep(lease.newer);
        if (lease.older == null) oldest = lease.newer;
        else lease.older.newer = lease.newer;
        if (lease.newer == null) newest = lease.older;
        else lease.newer.older = lease.older;
        lease.end(why);
        count--;
    }

    @Override
    public boolean isThere() {
        return 0 < count;
    }

    @Override
    public void grown(long bytes) {
        if (bytes - limits.recentMax().bytes() <= keptFrom) return;
        guard.lock();
        try {
            long from = bytes - limits.recentMax().bytes();
            for (Lease lease = oldestKept;
                    lease != null && lease.bytesBefore() < from;
                    lease = oldestKept) {
                lease.outrun();
                keep(lease.newer);
            }
        } finally {
            guard.unlock();
        }
    }

    /// Ends what has been open for too long. Returns how long the oldest one still has in
    /// nanoseconds; negative if none is open.
    long expire() {
        guard.lock();
        try {
            return expireOldest();
        } finally {
            guard.unlock();
        }
    }

    private long expireOldest() {
        for (Lease lease = oldest; lease != null; lease = oldest) {
            long age = env.nanoTime() - lease.begunNanos();
            long left = limits.timeout().toNanos() - age;
            if (0 < left) return left;
            end(lease, Lease.End.EXPIRED);
            expired.increment();
            tell(lease, age);
        }
        return -1;
    }

    // Nobody who closes transactions sees this.
    private static void tell(Lease lease, long ageNanos) {
        LOG.log(
                System.Logger.Level.WARNING,
                "transaction expired. age=`{0} ms`, begun by=`{1}`",
                ageNanos / NANOS_PER_MILLI,
                lease.beginner());
    }

    /// The database has ended, and so has every transaction.
    void endAll() {
        guard.lock();
        try {
            hasEnded = true;
            for (Lease lease = oldest; lease != null; lease = oldest) end(lease, Lease.End.CLOSED);
        } finally {
            guard.unlock();
        }
    }

    /// A transaction has committed.
    void committed() {
        committed.increment();
    }

    /// A commit was refused, as others had won.
    void conflicted() {
        conflicts.increment();
    }

    DbStats.Transactions figures() {
        guard.lock();
        try {
            Lease first = oldest;
            long age = first == null ? 0 : env.nanoTime() - first.begunNanos();
            long kept = oldestKept == null ? 0 : recent.end().bytesBefore() - keptFrom;
            return new DbStats.Transactions(
                    count, age, kept, begun.sum(), committed.sum(), conflicts.sum(), expired.sum());
        } finally {
            guard.unlock();
        }
    }
}
