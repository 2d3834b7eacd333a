package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.upkeep.DropReport;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.local.DirectoryLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `drop`: removes a whole database.
@Command(
        name = "drop",
        header = "Remove a whole database.",
        description = {
            "Removes the database with all of its objects, and gives up what others keep for it."
                    + " Refuses while a clone or a checkpoint needs it. From its first step on the"
                    + " database cannot be opened any more; killed anywhere, run it again to go on."
                    + " Stop its server first, and remove its local directory yourself.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast drop --data s3://bucket --path experiment --yes",
            "  holdfast drop --data s3://bucket --path live --yes --force",
            "Exit: 0 it is gone, 64 without --yes, 66 no such database,"
                    + " 73 something needs it, or another process holds it."
        })
public final class DropVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();

    @Option(names = "--yes", description = "It is meant.")
    private boolean isMeant;

    @Option(
            names = "--force",
            description = "Though clones or checkpoints need it: clones lose what they need.")
    private boolean isForced;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) {
        if (!isMeant)
            throw new Failure(
                    ExitStatus.USAGE, "this removes a database for good: say --yes if it is meant");
        Env env = Env.system();
        DatabaseLocation location = data.location();
        DropRules rules = DropRules.defaults();
        DirectoryLock lock = location.lock(env);
        try (ObjectStore store = location.openStore(env)) {
            String prefix = location.path().isEmpty() ? "" : location.path() + "/";
            if (store.list(prefix, null, 1).isEmpty())
                throw new Failure(ExitStatus.MISSING, "no database at " + location);
            long objects = drop(store, location, isForced ? rules.givingUpDependents() : rules);
            var page = new Page().add("objects", objects);
            if (isJson) page.printJson(out);
            else page.printLine(out);
            return ExitStatus.OK;
        } finally {
            if (lock != null) lock.close();
        }
    }

    private static long drop(ObjectStore store, DatabaseLocation location, DropRules rules) {
        try {
            long objects = 0;
            while (true) {
                DropReport report = Engine.clones(store).drop(location.path(), rules);
                objects += report.objects();
                if (report.isDone()) return objects;
                Output.remark("%,d objects are gone so far".formatted(objects));
            }
        } catch (Conflict needed) {
            throw new Failure(ExitStatus.LOCKED, String.valueOf(needed.getMessage()), needed);
        }
    }
}
