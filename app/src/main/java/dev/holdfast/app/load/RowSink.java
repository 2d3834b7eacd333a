package dev.holdfast.app.load;

import dev.holdfast.app.load.Parsed.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where rows go. Not thread-safe.
public interface RowSink {
    /// Why it would not take `row`; null if it would.
    @Nullable String faultOf(Row row);

    /// Commits `rows` as one; waits for no durability. Of two rows with one key the later holds.
    void write(List<Row> rows) throws InterruptedException;

    /// Returns once all that was written is durable.
    void finish() throws InterruptedException;
}
