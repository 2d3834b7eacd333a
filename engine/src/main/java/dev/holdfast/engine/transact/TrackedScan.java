package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import org.jspecify.annotations.Nullable;

/// A scan of a transaction, which remembers how far it has come.
///
/// What was read is what an answer told of: from where the walk began up to the last key shown,
/// that key included; the whole range once it said that there is no more. Keys that a seek passed
/// over were not read. Not thread-safe.
final class TrackedScan implements Scan {
    /// What the last step told.
    private enum Told {
        NOTHING,
        A_PAIR,
        THE_END
    }

    private final Scan scan;
    private final OptimisticTransaction transaction;
    private final TrackedReads reads;
    private final Order order;
    // The part of the range of which nothing is told yet.
    private @Nullable Bytes start;
    private @Nullable Bytes end;
    private Told told = Told.NOTHING;
    private boolean isTracked;
    private long rowsLeft;
    private long bytesLeft;

    TrackedScan(
            Scan scan, KeyRange range, Scan.Options options, OptimisticTransaction transaction) {
        this.scan = scan;
        this.transaction = transaction;
        order = options.order();
        rowsLeft = options.rowsMax();
        bytesLeft = options.bytesMax();
        reads = transaction.reads();
        start = range.start();
        end = range.end();
        isTracked = transaction.isolationLevel() == IsolationLevel.SERIALIZABLE;
        reads.begun(this);
    }

    @Override
    public boolean next() {
        transaction.requireOpen();
        if (rowsLeft <= 0 || bytesLeft <= 0) return isCut();
        told = Told.THE_END; // should the step fail
        if (!scan.next()) return false;
        told = Told.A_PAIR;
        rowsLeft--;
        if (bytesLeft < Long.MAX_VALUE) bytesLeft -= scan.key().length() + scan.value().length();
        return true;
    }

    // What ends by its options tells nothing of what would come next.
    private boolean isCut() {
        tell();
        told = Told.NOTHING;
        return scan.next();
    }

    /// Adds what was read so far to the reads.
    void tell() {
        if (!isTracked) return;
        switch (told) {
            case NOTHING -> {}
            case THE_END -> tellAll();
            case A_PAIR -> tellUpTo(scan.key());
        }
    }

    private void tellUpTo(Bytes key) {
        switch (order) {
            case ASCENDING -> {
                Bytes after = TrackedReads.after(key);
                reads.addRange(start, after);
                start = after;
            }
            case DESCENDING -> {
                reads.addRange(key, end);
                end = key;
            }
        }
    }

    /// Adds all that is left of the range to the reads.
    void tellAll() {
        if (isTracked) reads.addRange(start, end);
        isTracked = false;
    }

    @Override
    public Bytes key() {
        return scan.key();
    }

    @Override
    public Bytes value() {
        return scan.value();
    }

    @Override
    public void seek(Bytes key) {
        transaction.requireOpen();
        tell();
        scan.seek(key);
        if (told == Told.THE_END) return;
        told = Told.NOTHING;
        switch (order) {
            case ASCENDING -> {
                if (start == null || start.compareTo(key) < 0) start = key;
            }
            case DESCENDING -> {
                Bytes after = TrackedReads.after(key);
                if (end == null || after.compareTo(end) < 0) end = after;
            }
        }
    }

    @Override
    public void close() {
        tell();
        isTracked = false;
        reads.ended(this);
        scan.close();
    }
}
