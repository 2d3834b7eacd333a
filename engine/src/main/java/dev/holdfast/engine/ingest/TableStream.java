package dev.holdfast.engine.ingest;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.manifest.SegmentGuard;
import dev.holdfast.engine.memory.Lease;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.sst.SstEncoder;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows in, tables in the store out, one in memory at a time.
///
/// Invariants:
/// 1. What the store did not confirm is stored again before anything else is taken.
/// 2. A table has keys of one segment alone, if the database is cut into segments.
/// 3. The names of its tables tell a time that lies ahead: until then no collector takes them.
///
/// Not thread-safe. Its maker closes it.
final class TableStream implements AutoCloseable {
    private static final long TABLE_BYTES_LEAST = 1 << 20;

    private final SstWriter writer;
    private final MemoryBudget memory;
    private final Env env;
    private final long tableBytes;
    private final long namedMillis;
    private final @Nullable SegmentRules segments;
    private final List<Durable<SstHandle>> tables = new ArrayList<>();
    private @Nullable Open open;
    private Bytes segment = Bytes.EMPTY; // of the open table; empty where nothing is cut
    private @Nullable Ended ended;
    private long bytes;

    private record Open(Ulid id, SstEncoder encoder, Lease lease) {}

    private record Ended(Ulid id, EncodedSst sst, Lease lease) {}

    /// What all tables need.
    ///
    /// @param tableBytes about how large a table becomes
    /// @param namedMillis the time that the names tell
    /// @param segments where tables have to end; null if nowhere
    record Form(long tableBytes, long namedMillis, @Nullable SegmentRules segments) {}

    TableStream(SstWriter writer, MemoryBudget memory, Env env, Form form) {
        this.writer = writer;
        this.memory = memory;
        this.env = env;
        tableBytes = form.tableBytes;
        namedMillis = form.namedMillis;
        segments = form.segments;
    }

    /// Takes the row at which `row` stands, or throws `Unavailable`, or `Invalid` if its key is in
    /// no segment: then it was not taken.
    void add(RowCursor row) {
        endSegmentBefore(Bytes.wrap(row.keyArray(), row.keyOffset(), row.keyLength()));
        storeEnded();
        Open present = open;
        if (present != null && present.lease.bytes() <= present.encoder.sizeBytes()) {
            storeAll();
            present = null;
        }
        if (present == null) present = begun();
        present.encoder.add(row);
    }

    private void endSegmentBefore(Bytes key) {
        if (segments == null || (open != null && key.startsWith(segment))) return;
        Bytes found = SegmentGuard.segmentOf(key, segments);
        storeAll();
        segment = Bytes.copyOf(found.array(), found.offset(), found.length());
    }

    // Where memory is short, tables become smaller.
    private Open begun() {
        long least = Math.min(TABLE_BYTES_LEAST, tableBytes);
        Lease lease = memory.lease(MemoryUse.COMPACTION, least, tableBytes);
        if (lease == null) throw new Unavailable("no memory to ingest in", null);
        Ulid id = Ulid.at(env, namedMillis);
        var begun = new Open(id, writer.encoder(id), lease);
        open = begun;
        return begun;
    }

    /// Stores what was taken so far.
    void storeAll() {
        storeEnded();
        Open last = open;
        if (last == null) return;
        open = null;
        try (SstEncoder encoder = last.encoder) {
            EncodedSst sst = encoder.finish();
            last.lease.resize(sst.size());
            ended = new Ended(last.id, sst, last.lease);
        }
        storeEnded();
    }

    private void storeEnded() {
        Ended next = ended;
        if (next == null) return;
        tables.add(writer.store(next.id, next.sst));
        bytes += next.sst.size();
        ended = null;
        next.lease.close();
    }

    /// What is in the store.
    List<Durable<SstHandle>> tables() {
        return tables;
    }

    /// How many bytes that is.
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        Open last = open;
        if (last != null) {
            last.encoder.close();
            last.lease.close();
        }
        Ended unsent = ended;
        if (unsent != null) unsent.lease.close();
        open = null;
        ended = null;
    }
}
