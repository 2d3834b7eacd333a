package dev.holdfast.system.process;

import dev.holdfast.base.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real SlateDB 0.12.1, in a process of its own, with one database open at a time.
///
/// Not thread-safe. A process that lasts for [#LIFE_MAX] is killed, so that nobody waits for ever.
/// Close it: that ends the process, and without [#shutdown] before it, as a crash would.
public final class SlateDb implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIFE_MAX = Duration.ofMinutes(20);

    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;
    private final int handle; // of what is open in the process

    private SlateDb(Process process) {
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        handle = 0;
    }

    private SlateDb(SlateDb beside, int handle) {
        process = beside.process;
        requests = beside.requests;
        answers = beside.answers;
        this.handle = handle;
    }

    /// One row of a batch; a null value deletes.
    ///
    /// @param after so many milliseconds it expires; 0 for never
    /// @param until then it expires, in milliseconds since the Unix epoch; 0 for never
    public record Row(String kind, Bytes key, @Nullable Bytes value, long after, long until) {
        /// Sets a key.
        public static Row put(Bytes key, Bytes value) {
            return new Row("put", key, value, 0, 0);
        }

        /// Removes a key.
        public static Row delete(Bytes key) {
            return new Row("delete", key, null, 0, 0);
        }

        /// Adds an operand of the operator that concatenates.
        public static Row merge(Bytes key, Bytes value) {
            return new Row("merge", key, value, 0, 0);
        }

        /// The same, with an end after `millis`.
        public Row expiringAfter(long millis) {
            return new Row(kind, key, value, millis, 0);
        }

        /// The same, with an end at `millis`.
        public Row expiringAt(long millis) {
            return new Row(kind, key, value, 0, millis);
        }
    }

    /// What a transaction does between its first and its last reading of `keys`.
    ///
    /// @param isolation as SlateDB calls it: `Snapshot` or `SerializableSnapshot`
    /// @param between what somebody else commits meanwhile
    /// @param end `commit` or `rollback`
    public record Transaction(
            String isolation, List<Bytes> keys, List<Row> rows, List<Row> between, String end) {}

    /// What came of a transaction.
    public record Transacted(
            List<@Nullable Bytes> before, List<@Nullable Bytes> after, boolean isRefused) {}

    /// One row as it was found, with what is known of it.
    public record Found(Bytes value, long seq, @Nullable Long expireAtMillis) {}

    /// Opens the database in `folder` for writing, without background work: no compactor, no
    /// collector.
    public static SlateDb open(Path folder, Map<String, ?> settings) throws IOException {
        var all = new HashMap<String, @Nullable Object>();
        all.put("compactor_options", null);
        all.put("garbage_collector_options", null);
        all.putAll(settings);
        return started(request("open", folder, all));
    }

    /// Opens it for writing with SlateDB's own defaults but for `settings`: compactor and collector
    /// run.
    public static SlateDb openWithDefaults(Path folder, Map<String, ?> settings)
            throws IOException {
        return started(request("open", folder, settings));
    }

    /// Opens it to look at.
    public static SlateDb openReader(Path folder) throws IOException {
        return started(request("openReader", folder, Map.of()));
    }

    /// Opens it to look at, at the moment of a checkpoint.
    public static SlateDb openReader(Path folder, UUID checkpoint) throws IOException {
        var opening = request("openReader", folder, Map.of());
        opening.put("checkpoint", checkpoint.toString());
        return started(opening);
    }

    /// Opens the database in `folder` to look at beside this one, in the same process, as of
    /// `checkpoint` if that is given. Ends with this one.
    public SlateDb readerBeside(Path folder, @Nullable UUID checkpoint, int handle) {
        var opening = request("openReader", folder, Map.of());
        if (checkpoint != null) opening.put("checkpoint", checkpoint.toString());
        var reader = new SlateDb(this, handle);
        reader.ask(opening);
        return reader;
    }

    /// One with nothing open, which [#rowsOf] databases one after the other.
    public static SlateDb idle() throws IOException {
        return started();
    }

    /// Every pair of the database in `folder`, which is opened to look at, and closed.
    public TreeMap<Bytes, Bytes> rowsOf(Path folder) {
        return pairs(ask(request("readWhole", folder, Map.of())));
    }

    private static Map<String, Object> request(String op, Path folder, Map<String, ?> settings) {
        Path absolute = folder.toAbsolutePath();
        var request = new HashMap<String, Object>();
        request.put("op", op);
        request.put("url", absolute.getParent().toUri().toString().replaceFirst("/$", ""));
        request.put("path", absolute.getFileName().toString());
        request.put("settings", settings);
        return request;
    }

    private static SlateDb started(Map<String, ?> opening) throws IOException {
        SlateDb db = started();
        try {
            db.ask(opening);
            return db;
        } catch (RuntimeException | Error failed) {
            db.close();
            throw failed;
        }
    }

    private static SlateDb started() throws IOException {
        Process process =
                new ProcessBuilder("node", "slatedb.mjs")
                        .directory(NodePackages.folder().toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Thread.ofVirtual().start(() -> endInTime(process));
        return new SlateDb(process);
    }

    private static void endInTime(Process process) {
        try {
            if (!process.waitFor(LIFE_MAX)) process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
        }
    }

    /// Commits `rows` as one batch, applied but not awaited, and returns its sequence number.
    public long write(List<Row> rows) {
        return ask(Map.of("op", "write", "rows", encoded(rows))).asLong();
    }

    private static List<List<@Nullable Object>> encoded(List<Row> rows) {
        var encoded = new ArrayList<List<@Nullable Object>>();
        for (Row row : rows) {
            var parts = new ArrayList<@Nullable Object>(List.of(row.kind(), encode(row.key())));
            parts.add(row.value() == null ? null : encode(row.value()));
            parts.add(row.after());
            parts.add(row.until());
            encoded.add(parts);
        }
        return encoded;
    }

    /// Begins a transaction, goes through it, ends it.
    public Transacted transact(Transaction transaction) {
        JsonNode answer =
                ask(
                        Map.of(
                                "op", "transact",
                                "isolation", transaction.isolation(),
                                "keys", transaction.keys().stream().map(SlateDb::encode).toList(),
                                "rows", encoded(transaction.rows()),
                                "between", encoded(transaction.between()),
                                "end", transaction.end()));
        return new Transacted(
                values(answer.get("before")),
                values(answer.get("after")),
                answer.get("refused").asBoolean());
    }

    /// Makes the log durable.
    public void flush() {
        ask(Map.of("op", "flush"));
    }

    /// Writes the memtable into a table.
    public void flushMemtable() {
        ask(Map.of("op", "flush", "table", true));
    }

    /// Every pair.
    public TreeMap<Bytes, Bytes> scan() {
        return pairs(ask(Map.of("op", "scan")));
    }

    /// The pairs from `start` on, up to `end`, which is left out.
    public TreeMap<Bytes, Bytes> scan(Bytes start, Bytes end) {
        return pairs(ask(Map.of("op", "scan", "start", encode(start), "end", encode(end))));
    }

    /// The pairs whose keys begin with `prefix`.
    public TreeMap<Bytes, Bytes> scanPrefix(Bytes prefix) {
        return pairs(ask(Map.of("op", "scan", "prefix", encode(prefix))));
    }

    private static TreeMap<Bytes, Bytes> pairs(JsonNode rows) {
        var found = new TreeMap<Bytes, Bytes>();
        for (JsonNode row : rows) found.put(decode(row.get(0)), decode(row.get(1)));
        return found;
    }

    /// The keys, last one first.
    public List<Bytes> keysDescending() {
        var found = new ArrayList<Bytes>();
        for (JsonNode row : ask(Map.of("op", "scan", "descending", true)))
            found.add(decode(row.get(0)));
        return found;
    }

    /// The values of `keys` by point reads, null where there is none.
    public List<@Nullable Bytes> get(List<Bytes> keys) {
        var encoded = keys.stream().map(SlateDb::encode).toList();
        return values(ask(Map.of("op", "get", "keys", encoded)));
    }

    private static List<@Nullable Bytes> values(JsonNode values) {
        var found = new ArrayList<@Nullable Bytes>();
        for (JsonNode value : values) found.add(value.isNull() ? null : decode(value));
        return found;
    }

    /// The rows of `keys` with what is known of them, null where there is none.
    public List<@Nullable Found> rows(List<Bytes> keys) {
        var found = new ArrayList<@Nullable Found>();
        var encoded = keys.stream().map(SlateDb::encode).toList();
        for (JsonNode row : ask(Map.of("op", "rows", "keys", encoded))) {
            if (row.isNull()) {
                found.add(null);
                continue;
            }
            JsonNode expiry = row.get("expiry");
            Long expireAtMillis = expiry.isNull() ? null : expiry.asLong();
            found.add(new Found(decode(row.get("value")), row.get("seq").asLong(), expireAtMillis));
        }
        return found;
    }

    /// Closes the database in order.
    public void shutdown() {
        ask(Map.of("op", "close"));
    }

    private JsonNode ask(Map<String, ?> request) {
        try {
            var addressed = new HashMap<String, Object>(request);
            addressed.put("handle", handle);
            requests.write(JSON.writeValueAsString(addressed) + "\n");
            requests.flush();
            String line = answers.readLine();
            if (line == null) throw new AssertionError("SlateDB ended. asked=`" + request + "`");
            JsonNode answer = JSON.readTree(line);
            if (answer.has("error"))
                throw new AssertionError("SlateDB: " + answer.get("error").asString());
            return answer.get("ok");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String encode(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }

    private static Bytes decode(JsonNode text) {
        return Bytes.wrap(Base64.getDecoder().decode(text.asString()));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) throw new AssertionError("node stays");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
