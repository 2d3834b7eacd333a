package dev.holdfast.app.load;

import dev.holdfast.app.load.Parsed.Row;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.WriteBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows as they are, into the database itself.
public record KvSink(Db db) implements RowSink {
    @Override
    public @Nullable String faultOf(Row row) {
        return WriteBatch.KEY_BYTES_MAX < row.key().length() ? "key too long" : null;
    }

    @Override
    public void write(List<Row> rows) {
        var batch = new WriteBatch();
        for (Row row : rows) batch.put(row.key(), row.value());
        db.write(batch, Durability.MEMORY);
    }

    @Override
    public void finish() {
        db.flushMemtables();
    }
}
