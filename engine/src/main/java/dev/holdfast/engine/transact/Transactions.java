package dev.holdfast.engine.transact;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.Transaction.Limits;
import dev.holdfast.engine.read.StableView.Reading;
import dev.holdfast.engine.view.AppliedView;
import dev.holdfast.engine.view.ViewHolder;
import dev.holdfast.engine.write.BatchWriter;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;

/// Where transactions of one database begin.
///
/// Thread-safe.
public final class Transactions {
    private static final int ATTEMPTS_MAX = 32;
    private static final int PAUSE_MILLIS_MAX = 64;

    /// What the database lets transactions do.
    public interface Door {
        /// Lets one call in, and returns its ticket. Throws `Closed` if the database has ended or
        /// is stopping.
        long enter(String doing);

        /// The call of `ticket` is over.
        void leave(long ticket);

        /// Runs `body` on a thread of the database. Throws `Closed` if it is stopping.
        void fork(String name, Task.Body body);

        /// Ends the waits of such threads when the database stops.
        Token token();

        /// Waits until all up to `seq` is durable at `level`.
        void awaitDurable(long seq, Durability level, Deadline deadline)
                throws InterruptedException;
    }

    /// What a transaction works with.
    ///
    /// @param writeTimeout the longest that a commit waits for room, and then for durability
    public record Parts(
            Reading reading,
            ViewHolder views,
            BatchWriter writer,
            Door door,
            Limits limits,
            Duration writeTimeout) {
        Env env() {
            return reading.env();
        }

        Deadline deadline() {
            return Deadline.after(env(), writeTimeout);
        }
    }

    private final Parts parts;
    private final OpenTransactions open;
    private final Expiry expiry;

    public Transactions(Parts parts) {
        this.parts = parts;
        open = new OpenTransactions(parts.env(), parts.limits(), parts.writer().recent());
        expiry = new Expiry(open, parts.door());
        parts.writer().recent().growFor(open);
    }

    /// Begins one.
    public Transaction begin(IsolationLevel level) {
        long ticket = parts.door().enter("begin");
        try {
            Lease lease = open.begin();
            // Not before: what is above this number is in the chain behind the lease's beginning.
            AppliedView seen = AppliedView.newest(parts.views(), parts.writer()::applied);
            lease.sees(seen);
            expiry.watch();
            return new OptimisticTransaction(parts, open, lease, seen.seq(), level);
        } finally {
            parts.door().leave(ticket);
        }
    }

    /// Runs `body` in a transaction and commits it, again from the beginning for as long as others
    /// win, a bounded number of times: as [dev.holdfast.engine.api.Db#transact] says.
    public <T> T transact(IsolationLevel level, Durability durability, Transaction.Body<T> body) {
        for (int attempt = 1; ; attempt++) {
            try (Transaction transaction = begin(level)) {
                T result = body.run(transaction);
                if (transaction.outcome() == Transaction.Outcome.OPEN)
                    transaction.commit(durability);
                return result;
            } catch (Conflict lost) {
                if (attempt == ATTEMPTS_MAX) throw lost;
            }
            pause(attempt);
        }
    }

    // Ever longer, and by chance: those who lost to each other shall not meet again.
    private void pause(int attempt) {
        int millisMax = Math.min(PAUSE_MILLIS_MAX, 1 << Math.min(attempt, 30)) / 2;
        long millis = Long.remainderUnsigned(parts.env().randomLong(), millisMax);
        try {
            if (0 < millis) parts.env().sleep(Duration.ofMillis(millis));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted between two attempts of a transaction", interrupted);
        }
    }

    /// The database has ended, and so has every transaction.
    public void endAll() {
        open.endAll();
    }

    /// How many there are, and what became of others.
    public DbStats.Transactions figures() {
        return open.figures();
    }
}
