package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.upkeep.ProfileReport;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `profile`: which engines can open a database.
@Command(
        name = "profile",
        header = "Tell which engines can open a database.",
        description = "Tells which engines can open a database.",
        subcommands = ProfileVerb.Show.class,
        footer = {"", "Example:", "  holdfast profile show"})
public final class ProfileVerb extends Group {
    /// `profile show`: tells the profile, and what it was inferred from.
    @Command(
            name = "show",
            header = "Print the profile and its signs.",
            description = {
                "Prints the profile of a database and the signs of the newer one that it shows:"
                        + " slatedb-0.12 is opened by SlateDB 0.12 and later,"
                        + " slatedb-0.15 by SlateDB 0.13.1 and later only."
                        + " Holdfast reads both, and writes to the older."
                        + " Writes nothing and fences nobody.",
                ""
            },
            footer = {
                "",
                "Example:",
                "  holdfast profile show --data s3://bucket/db --json",
                "Exit: 0, 66 no such database."
            })
    static final class Show extends Verb {
        @Mixin private LocationOptions data = new LocationOptions();

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean isJson;

        @Override
        protected ExitStatus run(Output out) {
            DatabaseLocation location = data.location();
            var rest = new ArrayDeque<AutoCloseable>();
            try (var store = OpenDatabase.existing(location, Env.system(), rest)) {
                print(Engine.profile(store, location.path()), out);
            }
            return ExitStatus.OK;
        }

        private void print(ProfileReport report, Output out) {
            if (isJson) {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("profile", report.profile());
                object.put("signs", report.signs());
                object.put("writable", report.isWritable());
                out.json(object);
                return;
            }
            out.line(report.profile() + (report.isWritable() ? "" : ", can only be read"));
            report.signs().forEach(sign -> out.line("  " + sign));
        }
    }
}
