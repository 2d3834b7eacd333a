package dev.holdfast.app.load;

import dev.holdfast.app.load.Parsed.Rejected;
import dev.holdfast.app.load.Parsed.Row;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Reads lines, makes rows of them, and commits these in batches. Not thread-safe.
///
/// Invariant: what is held at a time is one line and one batch, whatever the size of the input.
public final class Loader {
    private static final int BATCH_ROWS = 1000;
    private static final long BATCH_BYTES = 4L << 20;
    private static final int REJECTED_SHOWN = 20;

    private final LineReader lines;
    private final LineParser parser;
    private final RowSink sink;
    private final Progress progress;
    private final List<Row> batch = new ArrayList<>(BATCH_ROWS);
    private final List<String> firstRejected = new ArrayList<>();
    private long batchBytes;
    private long rows;
    private long rejected;
    private long lineNumber;

    public Loader(LineReader lines, LineParser parser, RowSink sink, Progress progress) {
        this.lines = lines;
        this.parser = parser;
        this.sink = sink;
        this.progress = progress;
    }

    /// Loads to the end of input, and waits until all of it is durable.
    public LoadSummary run(Env env) throws IOException, InterruptedException {
        long start = env.nanoTime();
        for (Bytes line = lines.next(); line != null; line = lines.next()) take(line);
        commit();
        sink.finish();
        progress.end();
        Duration took = Duration.ofNanos(env.nanoTime() - start);
        return new LoadSummary(rows, lines.bytesRead(), rejected, List.copyOf(firstRejected), took);
    }

    private void take(Bytes line) throws InterruptedException {
        lineNumber++;
        Parsed parsed = lines.isCut() ? new Rejected("line too long") : parser.parse(line);
        switch (parsed) {
            case Row row -> {
                String fault = sink.faultOf(row);
                if (fault == null) add(row);
                else reject(fault);
            }
            case Rejected(String reason) -> reject(reason);
        }
    }

    private void add(Row row) throws InterruptedException {
        batch.add(row);
        batchBytes += row.key().length() + row.value().length();
        if (batch.size() == BATCH_ROWS || BATCH_BYTES <= batchBytes) commit();
    }

    private void reject(String reason) {
        rejected++;
        if (firstRejected.size() < REJECTED_SHOWN)
            firstRejected.add("line " + lineNumber + ": " + reason);
    }

    private void commit() throws InterruptedException {
        if (!batch.isEmpty()) sink.write(batch);
        rows += batch.size();
        batch.clear();
        batchBytes = 0;
        progress.show(rows, lines.bytesRead());
    }
}
