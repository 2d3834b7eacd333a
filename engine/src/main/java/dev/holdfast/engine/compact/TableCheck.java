package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.compact.Compactor.ShownTables;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.table.WalkPlan;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.work.FinishedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Reads tables back before they count: what is published was seen to be there, in order, and to be
/// what was meant. Some of what is read may stay in memory. Thread-safe.
final class TableCheck {
    private final TableStore tables;
    private final KeptBlocks kept;

    TableCheck(TableStore tables, KeptBlocks kept) {
        this.tables = tables;
        this.kept = kept;
    }

    /// What stays in memory of the tables that a compaction makes: as many bytes of blocks as there
    /// were of its sources, which nobody will ask for any more, and a part of the cache at most.
    ///
    /// Thread-safe: parts share it.
    static final class KeptBlocks implements WalkPlan.Keeping, AutoCloseable {
        private static final int PART_OF_TABLE = 64; // index and filter for less are too much

        private final ShownTables shown;
        private final AtomicLong left = new AtomicLong(); // bytes
        private final ReentrantLock guard = new ReentrantLock(); // held for moments
        private final List<SstReader> expected = new ArrayList<>(); // guarded by guard
        private boolean hasBegun; // guarded by guard
        private boolean isClosed; // guarded by guard

        KeptBlocks(ShownTables shown) {
            this.shown = shown;
        }

        /// Nothing.
        static KeptBlocks none() {
            return new KeptBlocks(ShownTables.none(_ -> {}));
        }

        /// So many bytes are kept in all; heard once, whatever is tried again.
        void begin(long bytes) {
            guard.lock();
            try {
                if (!hasBegun) left.set(bytes);
                hasBegun = true;
            } finally {
                guard.unlock();
            }
        }

        // So much is left that it is worth it.
        private boolean hasRoomFor(FinishedTable table) {
            long bytes = table.table().properties().propertiesOffset();
            return mayKeep() && bytes / PART_OF_TABLE <= left.get();
        }

        @Override
        public boolean mayKeep() {
            return 0 < left.get();
        }

        @Override
        public boolean keep(long bytes) {
            return 0 <= left.addAndGet(-bytes);
        }

        private void take(SstReader table) {
            guard.lock();
            try {
                if (isClosed) return;
                SstReader next = shown.expect(table.view());
                next.takeOver(table);
                expected.add(next);
            } finally {
                guard.unlock();
            }
        }

        /// The compaction is over: what is not shown by now is not kept any more.
        @Override
        public void close() {
            List<SstReader> over;
            guard.lock();
            try {
                isClosed = true;
                left.set(0);
                over = List.copyOf(expected);
                expected.clear();
            } finally {
                guard.unlock();
            }
            shown.letGo(over);
        }
    }

    /// Throws `CorruptData` if the table's rows are not those that `finished` tells of, are out of
    /// order, or lie outside of `keys`; [CompactionCut] soon after `isCut` becomes true.
    void require(FinishedTable finished, KeyRange keys, BooleanSupplier isCut) {
        boolean stays = kept.hasRoomFor(finished);
        SstReader reader = tables.open(SstView.of(finished.table()));
        if (!isWithin(reader, keys)) throw wrong(finished, "rows outside of its part");
        try {
            if (stays) reader.readHead();
            WalkPlan plan = stays ? WalkPlan.ONCE.keeping(kept) : WalkPlan.ONCE;
            try (RowCursor rows = reader.cursor(KeyRange.all(), Order.ASCENDING, plan)) {
                require(rows, finished, isCut);
            }
            if (stays) kept.take(reader);
        } finally {
            reader.forget();
        }
    }

    private void require(RowCursor rows, FinishedTable finished, BooleanSupplier isCut) {
        var actual = new RowDigest();
        var before = new LastRow();
        while (rows.next()) {
            actual.add(rows);
            if (!before.isFollowedBy(rows)) throw wrong(finished, "rows out of order");
            if (isCut.getAsBoolean()) throw new CompactionCut();
        }
        if (actual.rows() != finished.rows() || actual.value() != finished.digest())
            throw wrong(finished, "rows otherwise than they were written");
    }

    private static boolean isWithin(SstReader table, KeyRange keys) {
        Bytes start = keys.start();
        Bytes end = keys.end();
        return (start == null || start.compareTo(table.firstKey()) <= 0)
                && (end == null || table.lastKey().compareTo(end) < 0);
    }

    private CorruptData wrong(FinishedTable finished, String what) {
        return new CorruptData(
                "a table has %s. object=`%s`, rows=`%d`"
                        .formatted(what, tables.nameOf(finished.table().id()), finished.rows()),
                null);
    }

    /// The row before: keys rise, and the numbers of one key fall.
    private static final class LastRow {
        private byte[] key = new byte[64];
        private int length = -1;
        private long seq;

        boolean isFollowedBy(RowCursor rows) {
            Bytes next = Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
            int order = length < 0 ? -1 : Bytes.wrap(key, 0, length).compareTo(next);
            boolean isInOrder = order < 0 || (order == 0 && rows.seq() <= seq);
            seq = rows.seq();
            if (order != 0) take(next);
            return isInOrder;
        }

        private void take(Bytes next) {
            length = next.length();
            if (key.length < length) key = new byte[Math.max(length, 2 * key.length)];
            next.copyTo(key, 0);
        }
    }
}
