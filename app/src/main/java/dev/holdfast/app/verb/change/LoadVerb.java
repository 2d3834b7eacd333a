package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.load.KvSink;
import dev.holdfast.app.load.LineParser;
import dev.holdfast.app.load.LoadSummary;
import dev.holdfast.app.load.RedisSink;
import dev.holdfast.app.load.RowSink;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.KindOptions;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.SegmentOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.app.verb.word.WriteOptions;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `load`: loads many rows from a file or from standard input.
@Command(
        name = "load",
        header = "Load many rows from a file or standard input.",
        description = {
            "Loads rows from FILE (or standard input) and returns once"
                    + " all of them are durable in the"
                    + " store. Lines that are no rows are counted and named; the others are loaded."
                    + " Refuses while another process of this machine holds the database.",
            ""
        },
        footer = {
            "",
            "Formats: tsv is key<TAB>value; jsonl is {\"key\": ...,"
                    + " \"value\": ...} a line (key64 and"
                    + " value64 for base 64). A name ending in .json, .jsonl or"
                    + " .ndjson is jsonl, all"
                    + " else tsv.",
            "Examples:",
            "  holdfast load rows.tsv",
            "  holdfast load --default-value 1 /usr/share/dict/words",
            "  holdfast scan --json | holdfast load --format jsonl --data ./copy -",
            "Exit: 0 all loaded, 65 some lines rejected, 66 no such file, 73 another process holds"
                    + " the database."
        })
public final class LoadVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();
    @Mixin private KindOptions kind = new KindOptions();
    @Mixin private WriteOptions write = new WriteOptions();
    @Mixin private LinesOptions lines = new LinesOptions();
    @Mixin private SegmentOptions segments = new SegmentOptions();

    @Option(
            names = "--default-value",
            paramLabel = "TEXT",
            description = "tsv: the value of lines without a tab (default: reject them).")
    private @Nullable String defaultValue;

    @Option(
            names = "--key-field",
            paramLabel = "NAME",
            defaultValue = "key",
            description = "jsonl: the field with the key (default: ${DEFAULT-VALUE}).")
    private String keyField = "key";

    @Option(
            names = "--value-field",
            paramLabel = "NAME",
            defaultValue = "value",
            description = "jsonl: the field with the value (default: ${DEFAULT-VALUE}).")
    private String valueField = "value";

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) throws IOException, InterruptedException {
        Env env = Env.system();
        LineParser parser = parser();
        int database = kind.database();
        Settings settings = Settings.defaults().but().flushInterval(Duration.ofSeconds(1)).build();
        LoadSummary summary;
        try (InputStream in = lines.open();
                var open =
                        OpenDatabase.toWrite(
                                data.location(), settings, write.claim(), env, segments::givenTo)) {
            summary = lines.load(in, parser, sink(open.db(), env, database), env);
        }
        summary.firstRejected().forEach(Output::remark);
        if (isJson) out.json(jsonOf(summary));
        else out.line(summary.toLine());
        return summary.rejected() == 0 ? ExitStatus.OK : ExitStatus.BAD_DATA;
    }

    private RowSink sink(Db db, Env env, int database) {
        return kind.isRedis() ? new RedisSink(db, env, database) : new KvSink(db);
    }

    private LineParser parser() {
        Bytes valueOfLone =
                defaultValue == null ? null : KindOptions.typed("--default-value", defaultValue);
        return lines.parser(keyField, valueField, valueOfLone);
    }

    private static Map<String, Object> jsonOf(LoadSummary summary) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("rows", summary.rows());
        object.put("bytes", summary.bytes());
        object.put("rejected", summary.rejected());
        object.put("firstRejected", summary.firstRejected());
        object.put("millis", summary.took().toMillis());
        object.put("rowsPerSecond", summary.rate());
        return object;
    }
}
