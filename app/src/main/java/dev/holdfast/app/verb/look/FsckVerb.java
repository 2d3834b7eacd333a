package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.api.Settings;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `fsck`: checks every object.
@Command(
        name = "fsck",
        header = "Check every object of a database.",
        description = {
            "Reads every object that the newest manifest names and the log behind it, checks them"
                    + " whole, and lists what nothing names (orphans, such as a"
                    + " crash leaves: they do"
                    + " no harm). Writes nothing and fences nobody: safe beside a live server.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast fsck",
            "  holdfast fsck --data file:///var/lib/holdfast --json",
            "Exit: 0 sound, 1 something is missing or damaged, 66 no such database."
        })
public final class FsckVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) {
        DatabaseLocation location = data.location();
        try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>())) {
            FsckReport report =
                    Engine.builder(store, location.path())
                            .settings(OpenDatabase.keyed(Settings.defaults(), location))
                            .fsck();
            if (isJson) out.json(jsonOf(report));
            else print(report, out);
            return report.isSound() ? ExitStatus.OK : ExitStatus.PROBLEMS;
        }
    }

    private static void print(FsckReport report, Output out) {
        report.problems().forEach(problem -> out.line("problem: " + problem));
        report.orphans().forEach(orphan -> out.line("orphan: " + orphan));
        out.line(
                "%s: manifest %d, %,d objects, %,d rows, %,d problems, %,d orphans"
                        .formatted(
                                report.isSound() ? "sound" : "NOT SOUND",
                                report.manifestId(),
                                report.objectsChecked(),
                                report.rowsChecked(),
                                report.problems().size(),
                                report.orphans().size()));
    }

    private static Map<String, Object> jsonOf(FsckReport report) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("sound", report.isSound());
        object.put("manifest", report.manifestId());
        object.put("objects", report.objectsChecked());
        object.put("rows", report.rowsChecked());
        object.put("problems", report.problems());
        object.put("orphans", report.orphans());
        return object;
    }
}
