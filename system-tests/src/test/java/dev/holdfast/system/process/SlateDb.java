package dev.holdfast.system.process;

import dev.holdfast.base.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real SlateDB 0.12.1, in a process of its own, with one database open.
///
/// Not thread-safe. Close it: that ends the process, and without [#shutdown] before it, as a crash
/// would.
public final class SlateDb implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    private SlateDb(Process process) {
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /// One row of a batch; a null value deletes.
    public record Row(String kind, Bytes key, @Nullable Bytes value) {
        /// Sets a key.
        public static Row put(Bytes key, Bytes value) {
            return new Row("put", key, value);
        }

        /// Removes a key.
        public static Row delete(Bytes key) {
            return new Row("delete", key, null);
        }

        /// Adds an operand of the operator that concatenates.
        public static Row merge(Bytes key, Bytes value) {
            return new Row("merge", key, value);
        }
    }

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

    private static Map<String, Object> request(String op, Path folder, Map<String, ?> settings) {
        Path absolute = folder.toAbsolutePath();
        return Map.of(
                "op",
                op,
                "url",
                absolute.getParent().toUri().toString().replaceFirst("/$", ""),
                "path",
                absolute.getFileName().toString(),
                "settings",
                settings);
    }

    private static SlateDb started(Map<String, ?> opening) throws IOException {
        Process process =
                new ProcessBuilder("node", "slatedb.mjs")
                        .directory(NodePackages.folder().toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var db = new SlateDb(process);
        try {
            db.ask(opening);
            return db;
        } catch (RuntimeException | Error failed) {
            db.close();
            throw failed;
        }
    }

    /// Commits `rows` as one batch, applied but not awaited, and returns its sequence number.
    public long write(List<Row> rows) {
        var encoded = new ArrayList<List<@Nullable String>>();
        for (Row row : rows) {
            var parts = new ArrayList<@Nullable String>(List.of(row.kind(), encode(row.key())));
            parts.add(row.value() == null ? null : encode(row.value()));
            encoded.add(parts);
        }
        return ask(Map.of("op", "write", "rows", encoded)).asLong();
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
        var found = new TreeMap<Bytes, Bytes>();
        for (JsonNode row : ask(Map.of("op", "scan")))
            found.put(decode(row.get(0)), decode(row.get(1)));
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
        var found = new ArrayList<@Nullable Bytes>();
        var encoded = keys.stream().map(SlateDb::encode).toList();
        for (JsonNode value : ask(Map.of("op", "get", "keys", encoded)))
            found.add(value.isNull() ? null : decode(value));
        return found;
    }

    /// Closes the database in order.
    public void shutdown() {
        ask(Map.of("op", "close"));
    }

    private JsonNode ask(Map<String, ?> request) {
        try {
            requests.write(JSON.writeValueAsString(request) + "\n");
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
