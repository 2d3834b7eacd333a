package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.Checkpoints;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `checkpoint`: makes, prolongs, lists and removes checkpoints.
@Command(
        name = "checkpoint",
        header = "Keep a moment of a database readable.",
        description = {
            "Works on checkpoints: each keeps one moment of the database readable until it ends."
                    + " Safe beside a live server, from any machine; fences nobody.",
            ""
        },
        subcommands = {
            CheckpointVerb.Create.class,
            CheckpointVerb.Refresh.class,
            CheckpointVerb.ListAll.class,
            CheckpointVerb.Delete.class
        },
        footer = {"", "Example:", "  holdfast checkpoint create --lifetime 24h --name nightly"})
public final class CheckpointVerb extends Group {

    /// What the verbs have in common: a database, and what they say of its checkpoints.
    abstract static class OnCheckpoints extends Verb {
        @Mixin private LocationOptions data = new LocationOptions();

        @Option(names = "--json", description = "Print JSON, one object a checkpoint.")
        private boolean isJson;

        @Override
        protected final ExitStatus run(Output out) {
            DatabaseLocation location = data.location();
            try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>())) {
                return run(Engine.checkpoints(store, location.path()), out);
            }
        }

        abstract ExitStatus run(Checkpoints checkpoints, Output out);

        final void print(StoredCheckpoint checkpoint, Output out) {
            var page =
                    new Page()
                            .add("id", checkpoint.id().toString())
                            .add("name", checkpoint.name())
                            .add("manifest", checkpoint.manifestId())
                            .add("created", timeOf(checkpoint.createSeconds()))
                            .add("ends", endOf(checkpoint));
            if (isJson) page.printJson(out);
            else page.printLine(out);
        }

        private static String endOf(StoredCheckpoint checkpoint) {
            long seconds = checkpoint.expireSeconds();
            return seconds == 0 ? "never" : timeOf(seconds);
        }

        private static String timeOf(long seconds) {
            return Instant.ofEpochSecond(seconds).toString();
        }
    }

    /// `checkpoint create`: makes one.
    @Command(
            name = "create",
            header = "Make a checkpoint.",
            description = {
                "Makes a checkpoint of all that is in the store now, and prints it. Without"
                        + " --lifetime it stays until it is deleted. Repeated with the same --id"
                        + " it makes no second one.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast checkpoint create --lifetime 1h --json",
                "  holdfast checkpoint create --name before-migration",
                "Exit: 0, 64 no such source, 66 no such database, 69 the store does not answer."
            })
    static final class Create extends OnCheckpoints {
        @Option(names = "--lifetime", paramLabel = "TIME", description = "How long it lasts.")
        private @Nullable Duration lifetime;

        @Option(names = "--name", paramLabel = "NAME", description = "What people call it.")
        private @Nullable String name;

        @Option(names = "--id", paramLabel = "UUID", description = "Its id (default: a fresh one).")
        private @Nullable UUID id;

        @Option(
                names = "--source",
                paramLabel = "UUID",
                description = "The checkpoint whose moment it takes (default: the newest moment).")
        private @Nullable UUID source;

        @Override
        ExitStatus run(Checkpoints checkpoints, Output out) {
            print(checkpoints.create(options()), out);
            return ExitStatus.OK;
        }

        private CheckpointOptions options() {
            try {
                return new CheckpointOptions(lifetime, name, id, source);
            } catch (IllegalArgumentException wrong) {
                throw new Failure(ExitStatus.USAGE, String.valueOf(wrong.getMessage()));
            }
        }
    }

    /// `checkpoint refresh`: has one end later, or sooner.
    @Command(
            name = "refresh",
            header = "Have a checkpoint end at another time.",
            description = {"Has the checkpoint end --lifetime from now; without it, never.", ""},
            footer = {
                "",
                "Example:",
                "  holdfast checkpoint refresh 01740ee5-6459-44af-9a45-85deb6e468e3 --lifetime 2h",
                "Exit: 0, 64 no such checkpoint, 66 no such database."
            })
    static final class Refresh extends OnCheckpoints {
        @Parameters(paramLabel = "UUID", description = "Which one.")
        private UUID id = new UUID(0, 0);

        @Option(names = "--lifetime", paramLabel = "TIME", description = "How long it lasts.")
        private @Nullable Duration lifetime;

        @Override
        ExitStatus run(Checkpoints checkpoints, Output out) {
            print(checkpoints.refresh(id, lifetime), out);
            return ExitStatus.OK;
        }
    }

    /// `checkpoint list`: prints them.
    @Command(
            name = "list",
            header = "List checkpoints.",
            description = {
                "Prints all checkpoints, those among them that have ended and were not collected"
                        + " yet. Names that begin with `clone:` say which clone needs one.",
                ""
            },
            footer = {
                "",
                "Example:",
                "  holdfast checkpoint list --name nightly --json",
                "Exit: 0, 66 no such database."
            })
    static final class ListAll extends OnCheckpoints {
        @Option(names = "--name", paramLabel = "NAME", description = "Only those of that name.")
        private @Nullable String name;

        @Override
        ExitStatus run(Checkpoints checkpoints, Output out) {
            List<StoredCheckpoint> all = checkpoints.list();
            for (StoredCheckpoint each : all)
                if (name == null || name.equals(each.name())) print(each, out);
            return ExitStatus.OK;
        }
    }

    /// `checkpoint delete`: takes one away.
    @Command(
            name = "delete",
            header = "Take a checkpoint away.",
            description = {
                "Takes the checkpoint away. What it alone kept goes with the next collection.",
                ""
            },
            footer = {
                "",
                "Example:",
                "  holdfast checkpoint delete 01740ee5-6459-44af-9a45-85deb6e468e3",
                "Exit: 0, 66 no such checkpoint or database, 73 a clone lives on it."
            })
    static final class Delete extends OnCheckpoints {
        @Parameters(paramLabel = "UUID", description = "Which one.")
        private UUID id = new UUID(0, 0);

        @Override
        ExitStatus run(Checkpoints checkpoints, Output out) {
            try {
                if (checkpoints.delete(id)) return ExitStatus.OK;
            } catch (Conflict needed) {
                throw new Failure(ExitStatus.LOCKED, String.valueOf(needed.getMessage()), needed);
            }
            throw new Failure(ExitStatus.MISSING, "no such checkpoint: " + id);
        }
    }
}
