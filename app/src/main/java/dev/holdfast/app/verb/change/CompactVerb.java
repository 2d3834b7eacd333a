package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Settings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `compact`: merges tables until there is nothing left to merge.
@Command(
        name = "compact",
        header = "Merge the tables of a database.",
        description = {
            "Merges tables until there is nothing left to merge, and ends. Becomes the compactor of"
                    + " the database: one in a server or another process gives way. Writers go on."
                    + " Stopped or killed, what it had finished is taken up by the next compactor.",
            ""
        },
        footer = {
            "",
            "Styles: tiered merges runs of like size; leveled keeps each run ten times larger than"
                    + " the next newer one; everything makes one run of all there is.",
            "Examples:",
            "  holdfast compact",
            "  holdfast compact --style everything --data file:///var/lib/holdfast --json",
            "Exit: 0 done, 66 no such database, 75 another compactor took over or"
                    + " the store does not answer."
        })
public final class CompactVerb extends Verb {
    /// How tables are merged.
    enum Way {
        tiered,
        leveled,
        everything
    }

    @Mixin private LocationOptions data = new LocationOptions();

    @Option(
            names = "--style",
            paramLabel = "tiered|leveled|everything",
            defaultValue = "tiered",
            description = "Which tables are merged (default: ${DEFAULT-VALUE}).")
    private Way way = Way.tiered;

    @Option(
            names = "--table-size",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            description = "About how large a table becomes (default: ${DEFAULT-VALUE}).")
    private ByteSize tableSize = ByteSize.mebibytes(64);

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "End unfinished after so long (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofHours(24);

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) throws InterruptedException {
        DatabaseLocation location = data.location();
        Settings settings =
                Settings.defaults().but().compaction(compaction().withTableSize(tableSize)).build();
        try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>());
                var compactor = Engine.compactor(store, location.path(), settings)) {
            compactor.start();
            compactor.awaitIdle(timeout);
            StandaloneCompactor.Progress done = compactor.progress();
            if (isJson) out.json(jsonOf(done));
            else
                out.line(
                        "%,d compactions, %,d rows read, %,d tables written"
                                .formatted(
                                        done.compactions(), done.rowsRead(), done.tablesWritten()));
            return ExitStatus.OK;
        }
    }

    private CompactionSettings compaction() {
        return switch (way) {
            case tiered -> CompactionSettings.defaults();
            case leveled -> CompactionSettings.leveled();
            case everything -> CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        };
    }

    private static Map<String, Object> jsonOf(StandaloneCompactor.Progress done) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("compactions", done.compactions());
        object.put("rowsRead", done.rowsRead());
        object.put("tablesWritten", done.tablesWritten());
        return object;
    }
}
