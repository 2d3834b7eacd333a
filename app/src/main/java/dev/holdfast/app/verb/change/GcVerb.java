package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gc`: removes what nothing needs.
@Command(
        name = "gc",
        header = "Remove objects that nothing needs any more.",
        description = {
            "Removes tables, log objects, manifests and compactor states that neither the newest"
                    + " manifest nor a checkpoint names, once they are older than --min-age by this"
                    + " machine's clock and by the store's. Fences stay. Safe beside a live server,"
                    + " from any machine, and after a crash of itself.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast gc --dry-run",
            "  holdfast gc --data file:///var/lib/holdfast --min-age 1h --json",
            "Exit: 0 done, 66 no such database."
        })
public final class GcVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();

    @Option(names = "--dry-run", description = "Only say what would be removed.")
    private boolean isDryRun;

    @Option(
            names = "--min-age",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How old an object is at least (default: ${DEFAULT-VALUE}).")
    private Duration minAge = Duration.ofMinutes(5);

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) {
        DatabaseLocation location = data.location();
        var rules = new CollectionRules(minAge, isDryRun ? Sweep.DRY_RUN : Sweep.REMOVE);
        try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>())) {
            CollectionReport report = Engine.collect(store, location.path(), rules);
            if (isJson) out.json(jsonOf(report));
            else print(report, out);
            return ExitStatus.OK;
        }
    }

    private void print(CollectionReport report, Output out) {
        String verb = isDryRun ? "would remove" : "removed";
        report.names().forEach(name -> out.line(verb + ": " + name));
        out.line(
                ("%s %,d objects, %,d bytes: %,d tables, %,d log objects,"
                                + " %,d manifests, %,d compactor states, %,d checkpoints")
                        .formatted(
                                verb,
                                report.objects(),
                                report.bytes(),
                                report.tables(),
                                report.logObjects(),
                                report.manifests(),
                                report.compactions(),
                                report.checkpoints()));
    }

    private Map<String, Object> jsonOf(CollectionReport report) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("dryRun", isDryRun);
        object.put("objects", report.objects());
        object.put("bytes", report.bytes());
        object.put("tables", report.tables());
        object.put("logObjects", report.logObjects());
        object.put("manifests", report.manifests());
        object.put("compactions", report.compactions());
        object.put("checkpoints", report.checkpoints());
        object.put("names", report.names());
        return object;
    }
}
