package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.KindOptions;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.upkeep.CloneReport;
import dev.holdfast.engine.api.upkeep.CloneSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `clone`: makes a database of others in the same store, without copying their tables.
@Command(
        name = "clone",
        header = "Make a database of another in the same store, without copying its tables.",
        description = {
            "Makes the database at the path TARGET of the one at --path, at its newest moment or"
                    + " that of a checkpoint: all of it, or the keys of a range. With --with also"
                    + " of"
                    + " others that share no key with it. Its tables stay where they are, and are"
                    + " kept"
                    + " there for the clone; see detach. What is on a server's local disk alone is"
                    + " not"
                    + " in the store, and so not in the clone. Killed anywhere, run it again to go"
                    + " on.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast clone --data s3://bucket --path live experiment",
            "  holdfast clone --data s3://bucket --path live --from a --to n shards/low",
            "  holdfast clone --data s3://bucket --path shards/low --with shards/high whole",
            "Exit: 0 it is there, 64 a source or checkpoint that cannot be cloned, 66 no database"
                    + " at --path, 73 something else is at TARGET."
        })
public final class CloneVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();

    @Parameters(paramLabel = "TARGET", description = "The clone's path in the store.")
    private String target = "";

    @Option(
            names = "--checkpoint",
            paramLabel = "UUID",
            description = "Whose moment it takes over (default: the newest moment).")
    private @Nullable UUID checkpoint;

    @Option(
            names = "--from",
            paramLabel = "KEY",
            description = "The first key of --path, as scan --as kv prints keys.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "KEY", description = "Behind the last key of --path.")
    private @Nullable String to;

    @Option(
            names = "--with",
            paramLabel = "PATH",
            description = "Another database of the store, to make the union of. Repeatable.")
    private List<String> others = new ArrayList<>();

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) {
        DatabaseLocation location = data.location();
        try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>())) {
            List<CloneSource> sources = new ArrayList<>();
            sources.add(new CloneSource(location.path(), checkpoint, key(from), key(to)));
            others.forEach(each -> sources.add(CloneSource.of(each)));
            print(Engine.clones(store).create(target, sources), out);
            return ExitStatus.OK;
        } catch (Conflict taken) {
            throw new Failure(ExitStatus.LOCKED, String.valueOf(taken.getMessage()), taken);
        } catch (IllegalArgumentException wrong) {
            throw new Failure(ExitStatus.USAGE, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static @Nullable Bytes key(@Nullable String typed) {
        return typed == null ? null : KindOptions.typedKey(typed);
    }

    private void print(CloneReport report, Output out) {
        var page =
                new Page()
                        .add("path", target)
                        .add("manifest", report.manifest())
                        .add("tablesShared", report.tablesShared())
                        .add("tablesMade", report.tablesMade())
                        .add("logObjects", report.logObjects());
        if (isJson) page.printJson(out);
        else page.printLine(out);
    }
}
