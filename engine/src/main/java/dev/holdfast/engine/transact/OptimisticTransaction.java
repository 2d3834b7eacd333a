package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.iter.MergeCursor;
import dev.holdfast.engine.iter.MergeOperands;
import dev.holdfast.engine.iter.OlderRows;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.iter.VisibleCursor;
import dev.holdfast.engine.read.KeyRules;
import dev.holdfast.engine.read.RangeScanner;
import dev.holdfast.engine.transact.OwnWrites.Own;
import dev.holdfast.engine.view.AppliedView;
import dev.holdfast.format.row.RowCursor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A transaction that holds nobody up: whether others have written what it read is asked when it
/// commits.
final class OptimisticTransaction implements Transaction {
    private final Transactions.Parts parts;
    private final OpenTransactions open;
    private final Lease lease;
    private final IsolationLevel level;
    private final long seq;
    private final TrackedReads reads;
    private final OwnWrites writes = new OwnWrites();
    private final Set<Bytes> untold = new HashSet<>();
    private volatile Outcome outcome = Outcome.OPEN;
    private volatile long committedSeq;

    OptimisticTransaction(
            Transactions.Parts parts,
            OpenTransactions open,
            Lease lease,
            long seq,
            IsolationLevel level) {
        this.parts = parts;
        this.open = open;
        this.lease = lease;
        this.level = level;
        this.seq = seq;
        reads = new TrackedReads(level, parts.limits().readsMax().bytes());
    }

    @Override
    public IsolationLevel isolationLevel() {
        return level;
    }

    @Override
    public long seq() {
        return seq;
    }

    /// What it has read so far.
    TrackedReads reads() {
        return reads;
    }

    /// Throws what a call on this transaction has to throw if it is over.
    void requireOpen() {
        seen();
    }

    private AppliedView seen() {
        if (outcome != Outcome.OPEN)
            throw new Invalid("the transaction is over. outcome=`" + outcome + "`", null);
        AppliedView seen = lease.seen();
        if (seen != null && !isTooOld()) return seen;
        throw ended();
    }

    private boolean isTooOld() {
        long age = parts.env().nanoTime() - lease.begunNanos();
        if (age < parts.limits().timeout().toNanos()) return false;
        open.expire();
        return true;
    }

    private Closed ended() {
        outcome = Outcome.NOT_COMMITTED;
        if (lease.end() == Lease.End.EXPIRED) return lease.expired();
        parts.door().leave(parts.door().enter("transaction")); // knows better why
        return new Closed(Closed.Reason.CLEAN, "the database was closed", null);
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        AppliedView seen = seen();
        KeyRules.require(key);
        Own own = writes.newest(key);
        if (own == null) return committed(seen, key);
        long nowMillis = parts.env().currentTimeMillis();
        if (!own.isMerge()) return own.isHiddenAt(nowMillis) ? null : own.value();
        var operands = new MergeOperands(parts.reading().operator(), key);
        for (; own != null && own.isMerge(); own = own.older())
            if (!own.isExpiredAt(nowMillis)) operands.addOlder(own.value());
        if (own == null) return operands.onto(committed(seen, key));
        return operands.onto(own.isHiddenAt(nowMillis) ? null : own.value());
    }

    @Override
    public @Nullable Row row(Bytes key, Reads.Options options) {
        requireAll(options);
        AppliedView seen = seen();
        KeyRules.require(key);
        if (writes.newest(key) != null) {
            Bytes value = get(key);
            return value == null ? null : new Row(key, value, 0, null, null);
        }
        Visibility visibility = parts.reading().visibility(seq, options);
        long ticket = parts.door().enter("get");
        try {
            return parts.reading().points().row(seen.view(), key, visibility, reads);
        } finally {
            parts.door().leave(ticket);
        }
    }

    // A commit that is left out for its durability would be one that was missed.
    private static void requireAll(Reads.Options options) {
        if (options.durability() != Durability.MEMORY)
            throw new Invalid("transactions read all that is committed", null);
    }

    private @Nullable Bytes committed(AppliedView seen, Bytes key) {
        long ticket = parts.door().enter("get");
        try {
            return parts.reading().points().get(seen.view(), key, seq, reads);
        } finally {
            parts.door().leave(ticket);
        }
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return scan(range, Scan.Options.defaults().withOrder(order));
    }

    @Override
    public Scan scan(KeyRange range, Scan.Options options) {
        requireAll(options.reads());
        AppliedView seen = seen();
        long ticket = parts.door().enter("scan");
        try {
            VisibleCursor pairs = pairs(seen, range, options);
            return new TrackedScan(RangeScanner.over(pairs, options, reads), range, options, this);
        } finally {
            parts.door().leave(ticket);
        }
    }

    private VisibleCursor pairs(AppliedView seen, KeyRange range, Scan.Options options) {
        Order order = options.order();
        RowCursor rows = RangeScanner.rows(seen.view(), range, options, seq);
        if (writes.isEmpty())
            return new VisibleCursor(rows, range, order, visibility(seq, options));
        var own = new OwnRows(writes, order, seq);
        RowCursor all = MergeCursor.of(List.of(own, new OlderRows(rows, seq)), order);
        return new VisibleCursor(all, range, order, visibility(own.seqMax(), options));
    }

    private Visibility visibility(long seqMax, Scan.Options options) {
        Visibility all = parts.reading().visibility(seqMax, options.reads());
        return all.changedAfter(options.newerThan());
    }

    @Override
    public Transaction put(Bytes key, Bytes value, Expiry expiry) {
        requireWritable(key);
        writes.put(key, value, expiry);
        return this;
    }

    @Override
    public Transaction merge(Bytes key, Bytes operand, Expiry expiry) {
        requireWritable(key);
        writes.merge(key, operand, expiry);
        return this;
    }

    @Override
    public Transaction delete(Bytes key) {
        requireWritable(key);
        writes.delete(key);
        return this;
    }

    private void requireWritable(Bytes key) {
        requireOpen();
        KeyRules.require(key);
    }

    @Override
    public Transaction markRead(Bytes key) {
        requireWritable(key);
        reads.mark(key);
        return this;
    }

    @Override
    public Transaction unmarkWrite(Bytes key) {
        requireWritable(key);
        untold.add(key);
        return this;
    }

    @Override
    public long commit(Durability durability) {
        requireOpen();
        long ticket = parts.door().enter("commit");
        try {
            Deadline deadline = parts.deadline();
            if (writes.isEmpty()) committedSeq = seq;
            else apply(deadline);
            finish(Outcome.COMMITTED);
            long needed = writes.isEmpty() ? reads.observedSeq() : committedSeq;
            parts.door().awaitDurable(needed, durability, deadline);
            return committedSeq;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable(
                    "a commit was interrupted. outcome=`" + outcome + "`", interrupted);
        } finally {
            parts.door().leave(ticket);
        }
    }

    // Until it is told otherwise it may have been committed.
    private void apply(Deadline deadline) throws InterruptedException {
        Footprint footprint = footprint();
        outcome = Outcome.UNKNOWN;
        try {
            committedSeq = parts.writer().write(writes.toBatch(), footprint, deadline);
            outcome = Outcome.COMMITTED;
        } catch (Conflict lost) {
            finish(Outcome.NOT_COMMITTED);
            open.conflicted();
            throw lost;
        } catch (Closed ended) {
            if (ended.reason() == Closed.Reason.EXPIRED) finish(Outcome.NOT_COMMITTED);
            throw ended;
        } catch (Unavailable | Invalid | InterruptedException refused) {
            outcome = Outcome.OPEN;
            throw refused;
        } finally {
            if (outcome == Outcome.UNKNOWN) open.giveBack(lease);
        }
    }

    private Footprint footprint() {
        reads.gather();
        var footprint = new Footprint(lease, seq, reads, untold);
        for (Bytes key : writes.keys()) footprint.addWrite(key);
        return footprint;
    }

    private void finish(Outcome reached) {
        outcome = reached;
        open.giveBack(lease);
        if (reached == Outcome.COMMITTED) open.committed();
    }

    @Override
    public void rollback() {
        if (outcome == Outcome.OPEN) finish(Outcome.NOT_COMMITTED);
    }

    @Override
    public Outcome outcome() {
        return outcome;
    }

    @Override
    public long committedSeq() {
        return committedSeq;
    }

    @Override
    public void close() {
        rollback();
    }
}
