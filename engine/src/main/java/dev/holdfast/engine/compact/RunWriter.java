package dev.holdfast.engine.compact;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.iter.SteadyRows;
import dev.holdfast.engine.memory.Lease;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.sst.SstEncoder;
import dev.holdfast.format.work.FinishedTable;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes rows as the tables of a sorted run, one after another, and reads each back before it
/// counts: what is published was seen to be there. Thread-safe; it holds no state.
final class RunWriter {
    private static final long TABLE_BYTES_LEAST = 1 << 20;

    private final TableStore tables;
    private final SstWriter writer;
    private final TableCheck check;
    private final long tableBytes;
    private final Supplier<Ulid> freshId;

    /// A table that is there, and the digest of its rows.
    record Written(Durable<SstHandle> table, long rows, long digest) {
        long bytes() {
            return table.position().properties().propertiesOffset();
        }

        FinishedTable finished() {
            return new FinishedTable(table.position(), rows, digest);
        }
    }

    /// @param tableBytes about how large a table becomes
    RunWriter(
            TableStore tables,
            SstWriter writer,
            TableCheck check,
            long tableBytes,
            Supplier<Ulid> freshId) {
        this.tables = tables;
        this.writer = writer;
        this.check = check;
        this.tableBytes = tableBytes;
        this.freshId = freshId;
    }

    /// Writes all of `rows` up to `end`, which is itself left out. Each table is told to `finished`
    /// once it is safe. `rows` are expected to throw [CompactionCut] when they are to end; what was
    /// written is read back until `isCut` becomes true.
    void write(
            RowCursor rows,
            @Nullable Bytes end,
            BooleanSupplier isCut,
            Consumer<Written> finished) {
        var source = new Source(rows, end);
        source.next();
        while (source.hasRow) finished.accept(writeTable(source, isCut));
    }

    private Written writeTable(Source source, BooleanSupplier isCut) {
        var digest = new RowDigest();
        Ulid id = freshId.get();
        Durable<SstHandle> table;
        try (Lease lease = lease();
                SstEncoder encoder = writer.encoder(id)) {
            do {
                encoder.add(source.rows);
                digest.add(source.rows);
                source.next();
            } while (source.hasRow && !isFull(encoder, source, lease));
            lease.resize(encoder.sizeBytes());
            table = writer.store(id, encoder.finish());
        }
        var written = new Written(table, digest.rows(), digest.value());
        check.require(written.finished(), KeyRange.all(), isCut);
        return written;
    }

    // Where memory is short, tables become smaller.
    private Lease lease() {
        Lease lease =
                tables.memory()
                        .lease(
                                MemoryUse.COMPACTION,
                                Math.min(TABLE_BYTES_LEAST, tableBytes),
                                tableBytes);
        if (lease == null) throw new Unavailable("no memory to compact in", null);
        return lease;
    }

    // A table ends between two keys, unless one key has very many versions. Never behind an operand
    // of a key that goes on: it may be combined with what is older, so who goes on there could not
    // tell what is in it.
    private static boolean isFull(SstEncoder encoder, Source source, Lease lease) {
        if (encoder.sizeBytes() < lease.bytes()) return false;
        if (source.isSameKey && source.isBehindOperand) return false;
        return !source.isSameKey || 2 * lease.bytes() <= encoder.sizeBytes();
    }

    /// Rows up to an end, one looked at ahead.
    private static final class Source {
        private final SteadyRows rows;
        private final @Nullable Bytes end;
        private byte[] key = new byte[64];
        private int keyLength = -1;
        private boolean hasRow;
        private boolean isSameKey;
        private boolean isBehindOperand;

        Source(RowCursor rows, @Nullable Bytes end) {
            this.rows = new SteadyRows(rows); // it is asked many times of each
            this.end = end;
        }

        void next() {
            isBehindOperand = hasRow && (rows.flags() & RowFlags.MERGE) != 0;
            hasRow = rows.next() && !isBeyondEnd();
            if (!hasRow) return;
            int from = rows.keyOffset();
            isSameKey =
                    keyLength == rows.keyLength()
                            && Arrays.equals(
                                    key, 0, keyLength, rows.keyArray(), from, from + keyLength);
            if (isSameKey) return;
            keyLength = rows.keyLength();
            if (key.length < keyLength) key = new byte[Math.max(keyLength, 2 * key.length)];
            System.arraycopy(rows.keyArray(), rows.keyOffset(), key, 0, keyLength);
        }

        private boolean isBeyondEnd() {
            if (end == null) return false;
            Bytes next = Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
            return 0 <= next.compareTo(requireNonNull(end));
        }
    }
}
