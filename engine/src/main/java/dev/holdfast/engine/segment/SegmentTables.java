package dev.holdfast.engine.segment;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.iter.ForwardingCursor;
import dev.holdfast.engine.manifest.SegmentGuard;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts rows in key order into one table for each segment that they touch.
public final class SegmentTables {
    private final SegmentRules rules;

    public SegmentTables(SegmentRules rules) {
        this.rules = rules;
    }

    /// Takes the rows of one segment, all of them, and makes a table of them.
    @FunctionalInterface
    public interface Maker<T> {
        /// The table, the `index`-th of all.
        T make(int index, RowCursor rows);
    }

    /// What `maker` makes of all of `rows`, in key order.
    public <T> List<T> of(RowCursor rows, Maker<T> maker) {
        var made = new ArrayList<T>();
        var cut = new Cut(rows, rules);
        while (cut.begins()) made.add(maker.make(made.size(), cut));
        return made;
    }

    /// The rows of one segment after the other.
    private static final class Cut extends ForwardingCursor {
        private final RowCursor rows;
        private final SegmentRules rules;
        private @Nullable Bytes segment;
        private boolean isPending; // stands on the first row of the next segment
        private boolean isAtEnd;

        Cut(RowCursor rows, SegmentRules rules) {
            super(rows);
            this.rows = rows;
            this.rules = rules;
        }

        // True if another segment follows.
        boolean begins() {
            if (!isPending) isPending = !isAtEnd && rows.next();
            isAtEnd = !isPending;
            if (isAtEnd) return false;
            Bytes found = SegmentGuard.segmentOf(key(), rules);
            segment = Bytes.copyOf(found.array(), found.offset(), found.length());
            return true;
        }

        @Override
        public boolean next() {
            if (isPending) {
                isPending = false;
                return true;
            }
            Bytes present = segment;
            if (present == null || isAtEnd) return false;
            isAtEnd = !rows.next();
            isPending = !isAtEnd && !key().startsWith(present);
            return !isAtEnd && !isPending;
        }

        private Bytes key() {
            return Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
        }

        @Override
        public void seek(byte[] key, int offset, int length) {
            throw new UnsupportedOperationException("walks once");
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
