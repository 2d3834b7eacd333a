package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.load.Progress;
import dev.holdfast.app.load.Progress.Audience;
import dev.holdfast.app.load.Progress.Doing;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.transfer.CountedInput;
import dev.holdfast.app.transfer.RunningServer;
import dev.holdfast.app.transfer.ServerAddress;
import dev.holdfast.app.transfer.ServerAddress.Transport;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.app.verb.word.WriteOptions;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.redis.migrate.ImportNote;
import dev.holdfast.redis.migrate.ImportPlan;
import dev.holdfast.redis.migrate.ImportPlan.Existing;
import dev.holdfast.redis.migrate.ImportPlan.Unfinished;
import dev.holdfast.redis.migrate.ImportReport;
import dev.holdfast.redis.migrate.ImportWatcher;
import dev.holdfast.redis.migrate.Importer;
import dev.holdfast.redis.migrate.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `import`: brings whole Redis databases in.
@Command(
        name = "import",
        header = "Bring databases in from Redis.",
        description = {
            "Brings all keys of a snapshot or of a running server into the Redis databases of the"
                    + " same numbers, with all types, encodings and expiries. Works on the"
                    + " database itself: refuses while another process of this machine holds it.",
            ""
        },
        subcommands = {ImportVerb.FromSnapshot.class, ImportVerb.FromServer.class},
        footer = {
            "",
            "How far an import has come is kept in the database: after a kill or an error the same"
                    + " line goes on where it was.",
            "Examples:",
            "  holdfast import rdb /var/lib/redis/dump.rdb",
            "  holdfast import redis cache.internal:6379"
        })
public final class ImportVerb extends Group {

    /// What both kinds have in common: a database, a plan, and what they say in the end.
    abstract static class Importing extends Verb {
        private static final String EXIT =
                "Exit: 0 all there, 1 some keys were refused or the count is another, 64 the"
                        + " databases hold keys already, 65 the snapshot is damaged, 66 no such"
                        + " file, 69 the server does not answer, 73 another process holds the"
                        + " database.";

        @Mixin private LocationOptions data = new LocationOptions();
        @Mixin private WriteOptions write = new WriteOptions();

        @Option(
                names = "--replace",
                description =
                        "Bring keys in beside others, and replace those of the same name (default:"
                                + " refuse databases that hold any).")
        private boolean isReplacing;

        @Option(
                names = "--restart",
                description = "Forget an import that is not at its end, and begin anew.")
        private boolean isRestarted;

        @Option(
                names = {"-q", "--quiet"},
                description = "Show no progress.")
        private boolean isQuiet;

        @Option(names = "--json", description = "Print the summary as a JSON object.")
        private boolean isJson;

        @Override
        protected final ExitStatus run(Output out) throws IOException, InterruptedException {
            Env env = Env.system();
            Settings settings =
                    Settings.defaults().but().flushInterval(Duration.ofSeconds(1)).build();
            long start = env.nanoTime();
            ImportReport report;
            try (var open = OpenDatabase.toWrite(data.location(), settings, write.claim(), env)) {
                report = run(new Desk(open, env));
            }
            for (Refusal refusal : report.firstRefused())
                Output.remark(
                        "refused: db=%d key=%s: %s"
                                .formatted(refusal.database(), refusal.key(), refusal.reason()));
            Page page = pageOf(report, Duration.ofNanos(env.nanoTime() - start));
            if (isJson) page.printJson(out);
            else page.printLine(out);
            if (!report.isComplete())
                Output.remark(
                        "there should be %,d keys, but there are %,d"
                                .formatted(report.expected(), report.found()));
            ImportReport.Counts counts = report.counts();
            boolean isWhole =
                    report.isComplete()
                            && counts.refused() == 0
                            && counts.libraries().refused() == 0;
            return isWhole ? ExitStatus.OK : ExitStatus.PROBLEMS;
        }

        abstract ImportReport run(Desk desk) throws IOException, InterruptedException;

        final Progress progress(Env env, long bytesExpected) {
            boolean isTerminal = Boolean.getBoolean("holdfast.terminal");
            Audience audience =
                    isQuiet ? Audience.NOBODY : isTerminal ? Audience.TERMINAL : Audience.LOG;
            return new Progress(System.err, env, Doing.IMPORT, audience, bytesExpected);
        }

        private ImportPlan plan() {
            return new ImportPlan(
                    isReplacing ? Existing.REPLACED : Existing.REFUSED,
                    isRestarted ? Unfinished.FORGOTTEN : Unfinished.RESUMED);
        }

        private static Page pageOf(ImportReport report, Duration took) {
            ImportReport.Counts counts = report.counts();
            return new Page()
                    .add("keys", counts.keys())
                    .add("earlier", counts.earlier())
                    .add("expired", counts.expired())
                    .add("refused", counts.refused())
                    .add("functionLibraries", counts.libraries().kept())
                    .add("functionLibrariesLeftOut", counts.libraries().refused())
                    .add("found", report.found())
                    .add("verified", report.expected() < 0 ? null : report.isComplete())
                    .add("millis", took.toMillis());
        }

        /// The database that keys are brought into.
        final class Desk {
            private final OpenDatabase<? extends dev.holdfast.engine.api.Db> open;
            private final Env env;

            Desk(OpenDatabase<? extends dev.holdfast.engine.api.Db> open, Env env) {
                this.open = open;
                this.env = env;
            }

            Env env() {
                return env;
            }

            /// An importer, which says what it goes on with.
            Importer importer(ImportWatcher watcher) throws InterruptedException {
                var importer = new Importer(open.db(), env, plan(), watcher);
                ImportNote note = importer.unfinished();
                if (note != null)
                    Output.remark(
                            "an import is not at its end, with %,d keys behind: %s"
                                    .formatted(
                                            note.keys(),
                                            isRestarted ? "it is forgotten" : "it is gone on"));
                return importer;
            }
        }
    }

    /// `import rdb`: from a snapshot.
    @Command(
            name = "rdb",
            header = "Bring in a snapshot that Redis has written.",
            description = {
                "Brings in FILE, a snapshot of version 1 to 11 as SAVE and BGSAVE write it, or"
                        + " standard input, its libraries of functions included. Values of modules"
                        + " are refused and named; keys that have expired are left out and"
                        + " counted.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast import rdb /var/lib/redis/dump.rdb --data s3://bucket/db",
                "  redis-cli --rdb - | holdfast import rdb -",
                Importing.EXIT
            })
    @Adapter("reads the file that it is given")
    static final class FromSnapshot extends Importing {
        @Parameters(paramLabel = "FILE", description = "The file; - for standard input.")
        private String file = "-";

        @Override
        ImportReport run(Desk desk) throws IOException, InterruptedException {
            boolean isFile = !file.equals("-");
            long bytes = isFile ? Files.size(Path.of(file)) : 0;
            try (InputStream in = isFile ? Files.newInputStream(Path.of(file)) : System.in;
                    var counted = new CountedInput(in)) {
                Progress progress = progress(desk.env(), bytes);
                ImportReport report =
                        desk.importer(keys -> progress.show(keys, counted.count()))
                                .snapshot(counted);
                progress.end();
                return report;
            }
        }
    }

    /// `import redis`: from a running server.
    @Command(
            name = "redis",
            header = "Bring in what a running Redis server holds.",
            description = {
                "Reads all keys of the server at HOST:PORT with SCAN, PTTL and DUMP, and compares"
                        + " how many there are in the end. The server goes on; what is written to"
                        + " it meanwhile may be missing.",
                ""
            },
            footer = {
                "",
                "The password is taken from --password-file, or from REDISCLI_AUTH.",
                "Example:",
                "  holdfast import redis cache.internal:6379 --data s3://bucket/db",
                Importing.EXIT
            })
    @Adapter("reads the password from a file")
    static final class FromServer extends Importing {
        private static final int PASSWORD_BYTES_MAX = 64 << 10;

        @Parameters(paramLabel = "HOST:PORT", description = "Where the server is.")
        private String address = "";

        @Option(names = "--user", paramLabel = "NAME", description = "Whom to log in as.")
        private @Nullable String user;

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "A file whose first line is the password.")
        private @Nullable String passwordFile;

        @Option(names = "--tls", description = "Connect with TLS, and check the certificate.")
        private boolean isTls;

        @Override
        ImportReport run(Desk desk) throws IOException, InterruptedException {
            Transport transport = isTls ? Transport.TLS : Transport.PLAIN;
            ServerAddress source = ServerAddress.of(address, user, password(), transport);
            try (RunningServer server = RunningServer.connect(source, desk.env())) {
                Progress progress = progress(desk.env(), 0);
                ImportReport report = desk.importer(keys -> progress.show(keys, 0)).server(server);
                progress.end();
                return report;
            }
        }

        private @Nullable String password() throws IOException {
            if (passwordFile == null) return System.getenv("REDISCLI_AUTH");
            Path path = Path.of(passwordFile);
            if (PASSWORD_BYTES_MAX < Files.size(path))
                throw new Failure(ExitStatus.USAGE, "no password file: " + path);
            return Files.readString(path).lines().findFirst().orElse("");
        }
    }
}
