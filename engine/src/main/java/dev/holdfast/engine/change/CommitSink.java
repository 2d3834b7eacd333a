package dev.holdfast.engine.change;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.ChangeStream.Kind;
import dev.holdfast.engine.api.ChangeStream.Row;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/// The commits of one log object, copied out of it. One thread at a time.
final class CommitSink implements WalReplayer.Sink {
    private final LongPredicate mayPassGapTo;
    private final List<LogObject.Commit> commits = new ArrayList<>();
    private List<Row> rows = new ArrayList<>();
    private long gapEnd;
    private boolean isFence;

    /// @param mayPassGapTo asked where the object begins with a commit that does not follow on what
    ///   was read: whether nothing is missing in front of it
    CommitSink(LongPredicate mayPassGapTo) {
        this.mayPassGapTo = mayPassGapTo;
    }

    @Override
    public boolean mayPassGap(long before, long behind) {
        gapEnd = behind;
        return mayPassGapTo.test(behind);
    }

    @Override
    public void row(RowCursor row) {
        rows.add(
                new Row(
                        Bytes.copyOf(row.keyArray(), row.keyOffset(), row.keyLength()),
                        kindOf(row.flags()),
                        Bytes.copyOf(row.valueArray(), row.valueOffset(), row.valueLength()),
                        has(row, RowFlags.HAS_CREATION) ? row.createdAtMillis() : null,
                        has(row, RowFlags.HAS_EXPIRY) ? row.expireAtMillis() : null));
    }

    private static boolean has(RowCursor row, int flag) {
        return (row.flags() & flag) != 0;
    }

    private static Kind kindOf(int flags) {
        if ((flags & RowFlags.TOMBSTONE) != 0) return Kind.DELETE;
        return (flags & RowFlags.MERGE) != 0 ? Kind.MERGE : Kind.PUT;
    }

    @Override
    public void endOfCommit(Durable<Long> seq) {
        commits.add(new LogObject.Commit(seq.position(), rows));
        rows = new ArrayList<>();
    }

    @Override
    public void fence(String name, WalDecoder.FenceForm form) {
        isFence = true;
    }

    @Override
    public void endOfObject(Durable<Long> id, long lastSeq) {}

    /// What came, in the order of commits.
    List<LogObject.Commit> commits() {
        return commits;
    }

    /// True if the object has no rows at all.
    boolean isFence() {
        return isFence;
    }

    /// The commit behind the gap that was met; 0 if none was.
    long gapEnd() {
        return gapEnd;
    }
}
