package dev.holdfast.engine.compact.rows;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.upkeep.CompactionFilter;
import dev.holdfast.engine.api.upkeep.CompactionFilter.Candidate;
import dev.holdfast.engine.api.upkeep.CompactionFilter.Decision;
import dev.holdfast.engine.iter.ForwardingCursor;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import org.jspecify.annotations.Nullable;

/// What a filter of the application leaves of the rows of a compaction.
///
/// Invariant: rows that some reader sees and another does not, and tombstones, pass as they are.
///
/// Walks upwards. Not thread-safe; closes the rows it walks over.
public final class FilteredRows extends ForwardingCursor {
    private final RowCursor rows;
    private final CompactionFilter filter;
    private final Retention retention;
    private final @Nullable Bytes end;
    private final Candidate candidate = new Current();
    private @Nullable Bytes value; // null: that of the row
    private boolean isRemoved;

    /// @param end the first key that is not decided on, as what hides its rows may be elsewhere;
    ///   null for none
    public FilteredRows(
            RowCursor rows, CompactionFilter filter, Retention retention, @Nullable Bytes end) {
        super(rows);
        this.end = end;
        this.rows = rows;
        this.filter = filter;
        this.retention = retention;
    }

    @Override
    public boolean next() {
        while (rows.next() && !isBeyondEnd()) {
            value = null;
            isRemoved = false;
            boolean isDecided =
                    retention.seqMin() < rows.seq() || (rows.flags() & RowFlags.TOMBSTONE) != 0;
            if (isDecided || stays(filter.decide(candidate))) return true;
        }
        filter.finished();
        return false;
    }

    private boolean isBeyondEnd() {
        return end != null && 0 <= candidate.key().compareTo(end);
    }

    // Where something may lie beneath, what removes a value is a row too.
    private boolean stays(Decision decision) {
        return switch (decision) {
            case Decision.Keep _ -> true;
            case Decision.Replace replace -> {
                value = replace.value();
                yield true;
            }
            case Decision.Drop _ -> {
                boolean isOperand = (rows.flags() & RowFlags.MERGE) != 0;
                if (isOperand || retention.isBottom()) yield false;
                isRemoved = true;
                value = Bytes.EMPTY;
                yield true;
            }
        };
    }

    @Override
    public byte[] valueArray() {
        return value == null ? rows.valueArray() : value.array();
    }

    @Override
    public int valueOffset() {
        return value == null ? rows.valueOffset() : value.offset();
    }

    @Override
    public int valueLength() {
        return value == null ? rows.valueLength() : value.length();
    }

    @Override
    public int flags() {
        if (!isRemoved) return rows.flags();
        return RowFlags.TOMBSTONE | (rows.flags() & RowFlags.HAS_CREATION);
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        rows.seek(key, offset, length);
    }

    @Override
    public void close() {
        rows.close();
    }

    /// The row that is decided on.
    private final class Current implements Candidate {
        @Override
        public Bytes key() {
            return Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
        }

        @Override
        public Bytes value() {
            return Bytes.wrap(rows.valueArray(), rows.valueOffset(), rows.valueLength());
        }

        @Override
        public boolean isOperand() {
            return (rows.flags() & RowFlags.MERGE) != 0;
        }

        @Override
        public long seq() {
            return rows.seq();
        }

        @Override
        public long createdAtMillis() {
            return (rows.flags() & RowFlags.HAS_CREATION) != 0 ? rows.createdAtMillis() : -1;
        }

        @Override
        public long expireAtMillis() {
            return (rows.flags() & RowFlags.HAS_EXPIRY) != 0 ? rows.expireAtMillis() : -1;
        }
    }
}
