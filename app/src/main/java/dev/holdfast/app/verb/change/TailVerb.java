package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.app.verb.word.KeyOptions;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.app.verb.word.WriteOptions;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.LocalDirectory;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.engine.local.DivergedTail;
import dev.holdfast.engine.local.TailReplay;
import dev.holdfast.redis.RedisTail;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tail`: what a local directory keeps aside after a takeover.
@Command(
        name = "tail",
        header = "Look at, replay or drop what a takeover has cut off.",
        description = {
            "A node that comes back after another has taken its database over keeps the commits"
                    + " that only its disk has aside, in DIR/diverged/. Nothing else touches them.",
            ""
        },
        subcommands = {TailVerb.Show.class, TailVerb.Replay.class, TailVerb.Drop.class},
        footer = {"", "Example:", "  holdfast tail show ./holdfast-data/.holdfast.local"})
public final class TailVerb extends Group {
    /// What all of them are asked of.
    abstract static class OfDirectory extends Verb {
        @Parameters(index = "0", paramLabel = "DIR", description = "The local directory.")
        private Path directory = Path.of("");

        @Option(names = "--json", description = "Print JSON, an object a line.")
        private boolean isJson;

        /// The keys of the database.
        abstract KeyRing keys();

        final LocalDirectory directory() {
            var there = LocalDirectory.at(directory.toAbsolutePath().normalize(), keys());
            if (there.isThere()) return there;
            throw new Failure(ExitStatus.MISSING, "no local directory of a database: " + directory);
        }

        final void print(Page page, Output out) {
            if (isJson) page.printJson(out);
            else page.printText(out);
        }

        final DivergedTail only(@Nullable String name) {
            List<DivergedTail> tails =
                    directory().tails().stream()
                            .filter(each -> name == null || each.name().equals(name))
                            .toList();
            if (tails.size() == 1) return tails.getFirst();
            throw new Failure(
                    tails.isEmpty() ? ExitStatus.MISSING : ExitStatus.USAGE,
                    tails.isEmpty()
                            ? "no such tail in " + directory
                            : "several tails, say which: "
                                    + tails.stream().map(DivergedTail::name).toList());
        }
    }

    /// `tail show`: what is kept aside.
    @Command(
            name = "show",
            header = "Print what is kept aside.",
            description = {"Lists each tail with its commits, rows and files. Writes nothing.", ""},
            footer = {
                "",
                "Examples:",
                "  holdfast tail show ./holdfast-data/.holdfast.local",
                "  holdfast tail show DIR --keys --json",
                "Exit: 0, 1 a tail is damaged, 66 not a local directory."
            })
    static final class Show extends OfDirectory {
        @Option(names = "--keys", description = "Print the keys, in the order of the commits.")
        private boolean isKeys;

        @Mixin private KeyOptions keys = new KeyOptions();

        @Override
        KeyRing keys() {
            return keys.keys();
        }

        @Override
        protected ExitStatus run(Output out) {
            ExitStatus status = ExitStatus.OK;
            for (DivergedTail tail : directory().tails()) {
                if (!tail.damage().isEmpty()) status = ExitStatus.PROBLEMS;
                print(page(tail), out);
                if (isKeys) directory().keys(tail.name(), key -> print(key, out));
            }
            return status;
        }

        private void print(Bytes key, Output out) {
            print(new Page().add("key", Escapes.show(key)), out);
        }

        private static Page page(DivergedTail tail) {
            boolean hasCommits = tail.afterSeq() < tail.lastSeq();
            return new Page()
                    .add("tail", tail.name())
                    .add("epoch", tail.epoch())
                    .add("firstCommit", hasCommits ? tail.afterSeq() + 1 : null)
                    .add("lastCommit", hasCommits ? tail.lastSeq() : null)
                    .add("commits", tail.lastSeq() - tail.afterSeq())
                    .add("rows", tail.rows())
                    .add("bytes", tail.bytes())
                    .add("from", hasCommits ? tail.firstAt().toString() : null)
                    .add("to", hasCommits ? tail.lastAt().toString() : null)
                    .add("damage", tail.damage().isEmpty() ? null : tail.damage())
                    .add("files", tail.files().stream().map(Show::page).toList());
        }

        private static Page page(DivergedTail.Item file) {
            return new Page()
                    .add("name", file.name())
                    .add("kind", file.kind())
                    .add("bytes", file.bytes());
        }
    }

    /// `tail replay`: writes a tail again.
    @Command(
            name = "replay",
            header = "Write a tail to a database again, as new commits.",
            description = {
                "Writes the last row of each key of a tail to the database that --data names, where"
                        + " nobody has touched the key since the tail was cut off. May be"
                        + " interrupted and repeated: what is there is not written twice. The tail"
                        + " stays until it is dropped.",
                "",
                "A damaged tail is replayed as far as it can be read. Of Redis databases the rows"
                        + " that stand for all keys are left out: what DBSIZE shows may be wrong"
                        + " then. If one side has emptied or swapped a Redis database since,"
                        + " nothing is replayed.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast tail replay DIR --data s3://bucket/prefix --dry-run",
                "  holdfast tail replay DIR 7 --data ./holdfast-data --force",
                "Exit: 0 all of it is there, 1 keys were left as somebody had touched them or the"
                        + " tail is damaged, 64 not to be replayed, 66 no such tail, 73 another"
                        + " process or node has the database."
            })
    static final class Replay extends OfDirectory {
        @Mixin private LocationOptions data = new LocationOptions();
        @Mixin private WriteOptions write = new WriteOptions();

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "TAIL",
                description = "Which, as `tail show` calls it (default: the only one).")
        private @Nullable String name;

        @Option(names = "--dry-run", description = "Only say what would be done.")
        private boolean isDry;

        @Option(names = "--force", description = "Write over keys that somebody has touched.")
        private boolean isForced;

        @Override
        KeyRing keys() {
            return data.location().keys();
        }

        @Override
        protected ExitStatus run(Output out) {
            DivergedTail tail = only(name);
            TailReplay done = isDry ? rehearsed(tail.name()) : replayed(tail.name());
            print(page(tail, done), out);
            boolean isWhole = done.touched() == 0 && done.damage().isEmpty();
            return isWhole ? ExitStatus.OK : ExitStatus.PROBLEMS;
        }

        private TailReplay rehearsed(String tail) {
            if (write.claim() == OpenDatabase.Claim.TAKE_OVER)
                throw new Failure(ExitStatus.USAGE, "a dry run takes nothing over");
            try (var open = OpenDatabase.toRead(data.location(), Env.system())) {
                return directory().rehearse(tail, open.db(), touched(), RedisTail.rules(open.db()));
            }
        }

        private TailReplay replayed(String tail) {
            OpenDatabase.requireDatabase(data.location(), Env.system());
            try (var open =
                    OpenDatabase.toWrite(
                            data.location(), WriteOptions.SETTINGS, write.claim(), Env.system())) {
                return directory().replay(tail, open.db(), touched(), RedisTail.rules(open.db()));
            }
        }

        private TailReplay.Touched touched() {
            return isForced ? TailReplay.Touched.OVERWRITE : TailReplay.Touched.LEAVE;
        }

        private Page page(DivergedTail tail, TailReplay done) {
            List<String> examples = done.examples().stream().map(Escapes::show).toList();
            return new Page()
                    .add("tail", tail.name())
                    .add("dryRun", isDry ? "yes" : "no")
                    .add("written", done.written())
                    .add("overwritten", done.overwritten())
                    .add("thereAlready", done.there())
                    .add("leftAsTouchedSince", done.touched())
                    .add("touchedKeys", examples)
                    .add("leftOut", done.leftOut())
                    .add("damage", done.damage().isEmpty() ? null : done.damage());
        }
    }

    /// `tail drop`: removes a tail.
    @Command(
            name = "drop",
            header = "Remove a tail for good.",
            description = {"Removes a tail: its commits are gone then.", ""},
            footer = {"", "Example:", "  holdfast tail drop DIR 7 --yes", "Exit: 0, 66, 64."})
    static final class Drop extends OfDirectory {
        @Parameters(
                index = "1",
                paramLabel = "TAIL",
                description = "Which, as `tail show` calls it.")
        private String name = "";

        @Option(names = "--yes", description = "Without it nothing is removed.")
        private boolean isSure;

        @Mixin private KeyOptions keys = new KeyOptions();

        @Override
        KeyRing keys() {
            return keys.keys();
        }

        @Override
        protected ExitStatus run(Output out) {
            DivergedTail tail = only(name);
            long commits = tail.lastSeq() - tail.afterSeq();
            if (!isSure)
                throw new Failure(
                        ExitStatus.USAGE,
                        "say --yes to remove tail %s: %d commits, %d bytes%s"
                                .formatted(tail.name(), commits, tail.bytes(), damageOf(tail)));
            directory().drop(tail.name());
            print(new Page().add("dropped", tail.name()).add("commits", commits), out);
            return ExitStatus.OK;
        }

        private static String damageOf(DivergedTail tail) {
            if (tail.damage().isEmpty()) return "";
            return "; it is damaged, and may hold more than can be read: " + tail.damage();
        }
    }
}
