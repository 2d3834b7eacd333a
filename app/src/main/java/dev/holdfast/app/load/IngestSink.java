package dev.holdfast.app.load;

import dev.holdfast.app.load.Parsed.Row;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.WriteBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows as they are, in the order of their keys, into tables past the log. Its maker commits them.
public final class IngestSink implements RowSink {
    private final Db.Ingest ingest;
    private Bytes last = Bytes.EMPTY;

    public IngestSink(Db.Ingest ingest) {
        this.ingest = ingest;
    }

    @Override
    public @Nullable String faultOf(Row row) {
        if (WriteBatch.KEY_BYTES_MAX < row.key().length()) return "key too long";
        if (row.key().compareTo(last) <= 0) return "key not behind the one before";
        last = Bytes.copyOf(row.key().toArray());
        return null;
    }

    @Override
    public void write(List<Row> rows) {
        for (Row row : rows) ingest.put(row.key(), row.value());
    }

    @Override
    public void finish() {}
}
