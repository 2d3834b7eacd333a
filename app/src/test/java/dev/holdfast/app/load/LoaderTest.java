package dev.holdfast.app.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.app.load.Parsed.Row;
import dev.holdfast.app.load.Progress.Audience;
import dev.holdfast.app.load.TsvParser.Escaping;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoaderTest {
    private static final LineParser TSV = new TsvParser(null, Escaping.PLAIN);
    private final Gatherer sink = new Gatherer();

    @Test
    void shouldLoadEveryRowInOrder() throws Exception {
        // when: ends of line of both kinds, values with tabs, none at the very end
        LoadSummary summary = load(TSV, "a\t1\nb\t2\t3\r\nc\t\nü\té");
        // then
        assertEquals(List.of("a=1", "b=2\t3", "c=", "ü=é"), sink.rows);
        assertEquals(4, summary.rows());
        assertEquals(0, summary.rejected());
        assertEquals("a\t1\nb\t2\t3\r\nc\t\nü\té".getBytes("UTF-8").length, summary.bytes());
        assertTrue(sink.isFinished);
    }

    @Test
    void shouldCountAndNameLinesThatAreNoRows() throws Exception {
        // when
        LoadSummary summary = load(TSV, "a\t1\nno tab\n\n\tno key\ntoolong\t1\nb\t2\n");
        // then
        assertEquals(List.of("a=1", "b=2"), sink.rows);
        assertEquals(4, summary.rejected());
        assertEquals(
                List.of(
                        "line 2: no tab between key and value",
                        "line 3: empty line",
                        "line 4: empty key",
                        "line 5: not taken"),
                summary.firstRejected());
    }

    @Test
    void shouldGiveLinesWithoutATabTheDefaultValue() throws Exception {
        load(new TsvParser(Bytes.utf8("1"), Escaping.PLAIN), "apple\nbanana\t2\n");
        assertEquals(List.of("apple=1", "banana=2"), sink.rows);
    }

    @Test
    void shouldReadEscapesOnlyWhenAskedTo() throws Exception {
        load(TSV, "a\\n\t\\x41\n");
        load(new TsvParser(null, Escaping.ESCAPED), "a\\n\t\\x41\nb\t\\q\n");
        assertEquals(List.of("a\\n=\\x41", "a\n=A"), sink.rows);
    }

    @Test
    void shouldReadJsonLines() throws Exception {
        // when
        LoadSummary summary =
                load(
                        new JsonLineParser("key", "value"),
                        """
                        {"key":"a","value":"1"}
                        {"value":2.50,"key":"b","more":[1]}
                        {"key":"c","value":{"x":[1, "y"]}}
                        {"key64":"AAE=","value64":"/w=="}
                        {"key":"d","value":true}
                        {"key":"e"}
                        {"key":"","value":1}
                        [1]
                        {broken
                        {"key64":"!","value":""}
                        """);
        // then
        assertEquals(
                List.of("a=1", "b=2.50", "c={\"x\":[1,\"y\"]}", "\0\1=\ufffd", "d=true"),
                sink.rows);
        assertEquals(5, summary.rejected());
        assertEquals("line 6: no field `value`", summary.firstRejected().getFirst());
    }

    @Test
    void shouldCommitInBoundedBatches() throws Exception {
        // given
        var text = new StringBuilder();
        for (int i = 0; i < 2500; i++) text.append("k").append(i).append("\tv\n");
        // when
        load(TSV, text.toString());
        // then
        assertEquals(List.of(1000, 1000, 500), sink.batches);
    }

    @Test
    void shouldCutLinesThatAreTooLongWhereverTheBufferEnds() throws IOException {
        for (int length = 65_530; length < 65_545; length++) {
            // given
            String text = "x".repeat(length) + "\nnext\r\n" + "y".repeat(200_000);
            var lines = new LineReader(trickle(text), 65_536);
            // then
            Bytes first = lines.next();
            assertEquals(Math.min(length, 65_536), first == null ? -1 : first.length());
            assertEquals(65_536 < length, lines.isCut());
            assertEquals(Bytes.utf8("next"), lines.next());
            assertEquals(false, lines.isCut());
            Bytes last = lines.next();
            assertEquals(65_536, last == null ? -1 : last.length());
            assertEquals(true, lines.isCut());
            assertEquals(null, lines.next());
            assertEquals(text.length(), lines.bytesRead());
        }
    }

    private LoadSummary load(LineParser parser, String text) throws Exception {
        var progress = new Progress(System.err, Env.system(), Audience.NOBODY, 0);
        var lines = new LineReader(new ByteArrayInputStream(text.getBytes("UTF-8")), 1 << 20);
        return new Loader(lines, parser, sink, progress).run(Env.system());
    }

    // Gives a few bytes at a time, as a pipe may.
    private static InputStream trickle(String text) throws IOException {
        return new java.io.FilterInputStream(new ByteArrayInputStream(text.getBytes("UTF-8"))) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return super.read(target, offset, Math.min(length, 40_001));
            }
        };
    }

    private static final class Gatherer implements RowSink {
        private final List<String> rows = new ArrayList<>();
        private final List<Integer> batches = new ArrayList<>();
        private boolean isFinished;

        @Override
        public @Nullable String faultOf(Row row) {
            return row.key().toUtf8().startsWith("toolong") ? "not taken" : null;
        }

        @Override
        public void write(List<Row> batch) {
            batches.add(batch.size());
            for (Row row : batch) rows.add(row.key().toUtf8() + "=" + row.value().toUtf8());
        }

        @Override
        public void finish() {
            isFinished = true;
        }
    }
}
