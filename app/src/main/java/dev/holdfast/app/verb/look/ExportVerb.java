package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.load.Progress;
import dev.holdfast.app.load.Progress.Audience;
import dev.holdfast.app.load.Progress.Doing;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.redis.migrate.Exporter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `export`: writes whole Redis databases for Redis.
@Command(
        name = "export",
        header = "Write databases as Redis reads them.",
        description = {"Writes all Redis databases for Redis to load.", ""},
        subcommands = ExportVerb.ToSnapshot.class,
        footer = {"", "Example:", "  holdfast export rdb dump.rdb"})
public final class ExportVerb extends Group {

    /// `export rdb`: as a snapshot.
    @Command(
            name = "rdb",
            header = "Write a snapshot that Redis loads.",
            description = {
                "Writes one moment of all Redis databases to FILE, or to standard output, as a"
                        + " snapshot that Redis 7.0 and later loads. Safe beside a live server,"
                        + " from any machine: it shows what is in the object store.",
                ""
            },
            footer = {
                "",
                "FILE appears when it is whole.",
                "Examples:",
                "  holdfast export rdb dump.rdb --data s3://bucket/db",
                "  holdfast export rdb - | ssh cache 'cat > /var/lib/redis/dump.rdb'",
                "Exit: 0, 66 no such database, 73 FILE is there already, 74 it cannot be written."
            })
    @Adapter("writes the file that it is told to")
    static final class ToSnapshot extends Verb {
        @Mixin private LocationOptions data = new LocationOptions();

        @Option(names = "--overwrite", description = "Replace FILE if it is there.")
        private boolean isOverwriting;

        @Option(
                names = {"-q", "--quiet"},
                description = "Show no progress.")
        private boolean isQuiet;

        @Option(
                names = "--json",
                description = "Print the summary as a JSON object (to a file only).")
        private boolean isJson;

        @Parameters(paramLabel = "FILE", description = "The file; - for standard output.")
        private String file = "-";

        @Override
        protected ExitStatus run(Output out) throws IOException {
            try (var open = OpenDatabase.toRead(data.location(), Env.system())) {
                if (file.equals("-")) write(open.db(), new ToOutput(out));
                else write(open.db(), Path.of(file), out);
            }
            return ExitStatus.OK;
        }

        private void write(DbReader reader, Path target, Output out) throws IOException {
            if (Files.exists(target) && !isOverwriting)
                throw new Failure(ExitStatus.LOCKED, "already there: " + target);
            Path partial = target.resolveSibling(target.getFileName() + ".partial");
            SortedMap<Integer, Long> written;
            try (FileChannel channel =
                    FileChannel.open(
                            partial,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                written = write(reader, Channels.newOutputStream(channel));
                channel.force(true);
            }
            Files.move(
                    partial,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            var databases = new Page();
            written.forEach((database, keys) -> databases.add("db" + database, keys));
            long keys = written.values().stream().mapToLong(Long::longValue).sum();
            Page page =
                    new Page()
                            .add("keys", keys)
                            .add("bytes", Files.size(target))
                            .add("databases", databases);
            if (isJson) page.printJson(out);
            else out.line("%,d keys, %,d bytes".formatted(keys, Files.size(target)));
        }

        private SortedMap<Integer, Long> write(DbReader reader, OutputStream target) {
            Env env = Env.system();
            boolean isTerminal = Boolean.getBoolean("holdfast.terminal");
            Audience audience =
                    isQuiet ? Audience.NOBODY : isTerminal ? Audience.TERMINAL : Audience.LOG;
            var progress = new Progress(System.err, env, Doing.EXPORT, audience, 0);
            try (ReadView moment = reader.view()) {
                SortedMap<Integer, Long> written =
                        new Exporter(moment, env, keys -> progress.show(keys, 0)).write(target);
                progress.end();
                return written;
            }
        }
    }

    /// The results of a verb as a stream of bytes.
    private static final class ToOutput extends OutputStream {
        private final Output out;

        ToOutput(Output out) {
            this.out = out;
        }

        @Override
        public void write(int value) {
            out.bytes(Bytes.wrap(new byte[] {(byte) value}));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            out.bytes(Bytes.copyOf(bytes, offset, length));
        }

        @Override
        public void flush() {
            out.flush();
        }
    }
}
