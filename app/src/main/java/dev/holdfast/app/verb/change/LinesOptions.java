package dev.holdfast.app.verb.change;

import dev.holdfast.app.load.JsonLineParser;
import dev.holdfast.app.load.LineParser;
import dev.holdfast.app.load.LineReader;
import dev.holdfast.app.load.LoadSummary;
import dev.holdfast.app.load.Loader;
import dev.holdfast.app.load.Progress;
import dev.holdfast.app.load.Progress.Audience;
import dev.holdfast.app.load.RowSink;
import dev.holdfast.app.load.TsvParser;
import dev.holdfast.app.load.TsvParser.Escaping;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which file holds the rows that a verb takes in, and how its lines are read.
@Adapter("reads the file that it is given")
final class LinesOptions {
    private static final int LINE_BYTES_MAX = 64 << 20;

    /// How lines become rows.
    enum Format {
        tsv,
        jsonl
    }

    @Option(
            names = "--format",
            paramLabel = "tsv|jsonl",
            description = "How lines become rows (default: by the file's name).")
    private @Nullable Format format;

    @Option(
            names = "--escapes",
            description = "tsv: read \\n \\t \\\\ \\xNN as `scan` prints them.")
    private boolean isEscaped;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    private boolean isQuiet;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "The file; - for standard input (default).")
    private String file = "-";

    /// Opens the file. Throws what names it if there is none.
    InputStream open() throws IOException {
        return file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
    }

    /// What makes rows of its lines.
    ///
    /// @param keyField of a line of JSON
    /// @param valueField of a line of JSON
    /// @param valueOfLone of a line without a tab; null if such lines are rejected
    LineParser parser(String keyField, String valueField, @Nullable Bytes valueOfLone) {
        return switch (format != null ? format : formatOf(file)) {
            case jsonl -> new JsonLineParser(keyField, valueField);
            case tsv -> new TsvParser(valueOfLone, isEscaped ? Escaping.ESCAPED : Escaping.PLAIN);
        };
    }

    private static Format formatOf(String name) {
        boolean isJson = Stream.of(".json", ".jsonl", ".ndjson").anyMatch(name::endsWith);
        return isJson ? Format.jsonl : Format.tsv;
    }

    /// Takes all lines of `in`, and shows how far it is where somebody looks.
    LoadSummary load(InputStream in, LineParser parser, RowSink sink, Env env)
            throws IOException, InterruptedException {
        var lines = new LineReader(in, LINE_BYTES_MAX);
        var progress = new Progress(System.err, env, audience(), bytesExpected());
        return new Loader(lines, parser, sink, progress).run(env);
    }

    private long bytesExpected() throws IOException {
        return file.equals("-") ? 0 : Files.size(Path.of(file));
    }

    private Audience audience() {
        if (isQuiet) return Audience.NOBODY;
        return Boolean.getBoolean("holdfast.terminal") ? Audience.TERMINAL : Audience.LOG;
    }
}
