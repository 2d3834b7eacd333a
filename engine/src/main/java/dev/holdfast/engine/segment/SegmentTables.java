package dev.holdfast.engine.segment;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.iter.ForwardingCursor;
import dev.holdfast.engine.manifest.FlushedRows;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.SegmentEdit;
import dev.holdfast.engine.manifest.SegmentGuard;
import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes rows in key order as one table for each segment that they touch.
public final class SegmentTables {
    private final SstWriter writer;
    private final SegmentRules rules;
    private final Supplier<Ulid> freshId;

    public SegmentTables(SstWriter writer, SegmentRules rules, Supplier<Ulid> freshId) {
        this.writer = writer;
        this.rules = rules;
        this.freshId = freshId;
    }

    /// Tables that are in the store, and no manifest names yet.
    public record Written(List<SegmentEdit.Part> parts) {
        /// Has the manifest name them.
        public ManifestEdit edit(Durable<WalPosition> log, FlushedRows rows) {
            return new SegmentEdit.Added(parts, log, rows);
        }

        /// What the tables take in the store.
        public long bytes() {
            return parts.stream()
                    .mapToLong(part -> part.table().position().properties().propertiesOffset())
                    .sum();
        }
    }

    /// Writes all of `rows`.
    public Written write(RowCursor rows) {
        var parts = new ArrayList<SegmentEdit.Part>();
        var cut = new Cut(rows, rules);
        for (Bytes segment = cut.begin(); segment != null; segment = cut.begin())
            parts.add(new SegmentEdit.Part(segment, writer.write(freshId.get(), cut)));
        return new Written(parts);
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

        // The segment of the row that comes next; null if there is none.
        @Nullable Bytes begin() {
            if (!isPending) isPending = !isAtEnd && rows.next();
            isAtEnd = !isPending;
            if (isAtEnd) return null;
            Bytes found = SegmentGuard.segmentOf(key(), rules);
            segment = Bytes.copyOf(found.array(), found.offset(), found.length());
            return segment;
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
