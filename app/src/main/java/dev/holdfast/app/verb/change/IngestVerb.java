package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.load.IngestSink;
import dev.holdfast.app.load.LoadSummary;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.SegmentOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.app.verb.word.WriteOptions;
import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ingest`: takes sorted rows as tables, past the log, as one commit.
@Command(
        name = "ingest",
        header = "Take sorted rows as tables, past the log, as one commit.",
        description = {
            "Writes rows from FILE (or standard input), whose keys rise, to tables in the store,"
                    + " and makes all of them one commit at the end: readers see all or none."
                    + " Keys are those of the database itself. A line that is no row, or out of"
                    + " order, ends it, and nothing is committed. Refuses while another process of"
                    + " this machine holds the database.",
            ""
        },
        footer = {
            "",
            "Formats: tsv is key<TAB>value; jsonl is {\"key\": ...,"
                    + " \"value\": ...} a line (key64 and"
                    + " value64 for base 64). A name ending in .json, .jsonl or"
                    + " .ndjson is jsonl, all else tsv.",
            "Examples:",
            "  LC_ALL=C sort -k1,1 rows.tsv | holdfast ingest -",
            "  holdfast scan --as kv --json | holdfast ingest --format jsonl --data ./copy -",
            "Exit: 0 committed, 65 a line was rejected, 66 no such file, 73 another process holds"
                    + " the database."
        })
public final class IngestVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();
    @Mixin private WriteOptions write = new WriteOptions();
    @Mixin private LinesOptions lines = new LinesOptions();
    @Mixin private SegmentOptions segments = new SegmentOptions();

    @Option(
            names = "--table-size",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            description = "About how large tables become (default: ${DEFAULT-VALUE}).")
    private ByteSize tableSize = ByteSize.mebibytes(64);

    @Option(
            names = "--within",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "The longest that it may take (default: ${DEFAULT-VALUE}).")
    private Duration within = Duration.ofHours(1);

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) throws IOException, InterruptedException {
        Env env = Env.system();
        Db.Ingest.Options options = options();
        LoadSummary summary;
        Db.Ingest.Done done = null;
        try (InputStream in = lines.open();
                var open =
                        OpenDatabase.toWrite(
                                data.location(),
                                WriteOptions.SETTINGS,
                                write.claim(),
                                env,
                                segments::givenTo);
                Db.Ingest ingest = open.db().ingest(options)) {
            var parser = lines.parser("key", "value", null);
            summary = lines.load(in, parser, new IngestSink(ingest), env);
            if (summary.rejected() == 0) done = ingest.commit();
        }
        summary.firstRejected().forEach(Output::remark);
        if (isJson) out.json(jsonOf(summary, done));
        else out.line(lineOf(summary, done));
        return done == null ? ExitStatus.BAD_DATA : ExitStatus.OK;
    }

    private Db.Ingest.Options options() {
        try {
            return new Db.Ingest.Options(tableSize, within);
        } catch (IllegalArgumentException wrong) {
            throw new Failure(ExitStatus.USAGE, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static String lineOf(LoadSummary summary, Db.Ingest.@Nullable Done done) {
        if (done == null)
            return "nothing committed: %,d of %,d lines rejected"
                    .formatted(summary.rejected(), summary.rejected() + summary.rows());
        return String.format(
                Locale.ROOT,
                "ingested %,d rows in %d tables (%,d bytes) as commit %d in %.1f s",
                done.rows(),
                done.tables(),
                done.bytes(),
                done.seq(),
                summary.took().toMillis() / 1000.0);
    }

    private static Map<String, Object> jsonOf(LoadSummary summary, Db.Ingest.@Nullable Done done) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("committed", done != null);
        object.put("rows", done == null ? 0 : done.rows());
        object.put("tables", done == null ? 0 : done.tables());
        object.put("bytes", done == null ? 0 : done.bytes());
        if (done != null) object.put("seq", done.seq());
        object.put("rejected", summary.rejected());
        object.put("firstRejected", summary.firstRejected());
        object.put("millis", summary.took().toMillis());
        return object;
    }
}
