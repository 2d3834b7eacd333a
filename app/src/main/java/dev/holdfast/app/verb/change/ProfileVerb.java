package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.upkeep.ProfileReport;
import dev.holdfast.engine.api.upkeep.UpgradeRules;
import dev.holdfast.objectstore.local.DirectoryLock;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `profile`: which engines can open a database.
@Command(
        name = "profile",
        header = "Tell or change which engines can open a database.",
        description = "Tells, or changes for good, which engines can open a database.",
        subcommands = {ProfileVerb.Show.class, ProfileVerb.Upgrade.class},
        footer = {"", "Examples:", "  holdfast profile show", "  holdfast profile upgrade --yes"})
public final class ProfileVerb extends Group {
    /// `profile show`: tells the profile, and what it was inferred from.
    @Command(
            name = "show",
            header = "Print the profile and its signs.",
            description = {
                "Prints the profile of a database and the signs of the newer one that it shows:"
                        + " slatedb-0.12 is opened by SlateDB 0.12 and later,"
                        + " slatedb-0.15 by SlateDB 0.13.1 and later only."
                        + " Holdfast writes a database in the profile that it has."
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
            if (isJson) printJson(report, out);
            else printLines(report, out);
        }
    }

    /// `profile upgrade`: makes a database one of the newer profile.
    @Command(
            name = "upgrade",
            header = "Make a database one of the newer profile, for good.",
            description = {
                "Makes the database one of the profile slatedb-0.15, which SlateDB 0.13.1 and later"
                        + " open and 0.12 does not. THERE IS NO WAY BACK."
                        + " Whoever writes to it is fenced, and opens it again afterwards. One that"
                        + " is seen to write within five seconds is left alone unless --fence says"
                        + " otherwise; one that is idle is not seen."
                        + " Killed anywhere, run it again.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast profile upgrade --data s3://bucket/db --yes",
                "  holdfast profile upgrade --data s3://bucket/db --yes --fence",
                "Exit: 0 it has the newer profile, 64 without --yes, 66 no such database,"
                        + " 73 somebody writes to it, or another process holds it."
            })
    static final class Upgrade extends Verb {
        @Mixin private LocationOptions data = new LocationOptions();

        @Option(names = "--yes", description = "It is meant: there is no way back.")
        private boolean isMeant;

        @Option(names = "--fence", description = "Fence whoever writes, seen or not.")
        private boolean isFencing;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean isJson;

        @Override
        protected ExitStatus run(Output out) {
            if (!isMeant)
                throw new Failure(
                        ExitStatus.USAGE,
                        "there is no way back from the profile slatedb-0.15:"
                                + " say --yes if it is meant");
            DatabaseLocation location = data.location();
            UpgradeRules rules = isFencing ? UpgradeRules.fencing() : UpgradeRules.refusing();
            DirectoryLock lock = location.lock(Env.system());
            var rest = new ArrayDeque<AutoCloseable>();
            try (var store = OpenDatabase.existing(location, Env.system(), rest)) {
                ProfileReport report = Engine.upgradeProfile(store, location.path(), rules);
                if (isJson) printJson(report, out);
                else printLines(report, out);
            } catch (Conflict alive) {
                throw new Failure(ExitStatus.LOCKED, String.valueOf(alive.getMessage()), alive);
            } finally {
                if (lock != null) lock.close();
            }
            return ExitStatus.OK;
        }
    }

    private static void printJson(ProfileReport report, Output out) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("profile", report.profile());
        object.put("signs", report.signs());
        object.put("writable", report.isWritable());
        out.json(object);
    }

    private static void printLines(ProfileReport report, Output out) {
        out.line(report.profile() + (report.isWritable() ? "" : ", can only be read"));
        report.signs().forEach(sign -> out.line("  " + sign));
    }
}
