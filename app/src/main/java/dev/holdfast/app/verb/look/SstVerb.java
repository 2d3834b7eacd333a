package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.SstFile;
import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.StoredSeals;
import dev.holdfast.format.seal.SectionSeal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sst`: looks at tables.
@Command(
        name = "sst",
        header = "Look at tables.",
        description = "Looks at tables (SSTs).",
        subcommands = SstVerb.Dump.class,
        footer = {"", "Example:", "  holdfast sst dump --rows 01J8ZC9T6V9Q4M3S2R1P0N7K5H"})
public final class SstVerb extends Group {
    /// `sst dump`: prints one table.
    @Command(
            name = "dump",
            header = "Print a table.",
            description = {
                "Prints what a table says of itself, and with --rows its rows as they are stored."
                        + " Checks the checksum of all it reads. Writes nothing.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast sst dump 01J8ZC9T6V9Q4M3S2R1P0N7K5H",
                "  holdfast sst dump --blocks wal/00000000000000000007.sst",
                "  holdfast sst dump --rows --limit 10 --json /tmp/copy.sst",
                "Exit: 0, 65 damaged, 66 no such object."
            })
    @Adapter("a table may be given as a file")
    static final class Dump extends InspectVerb {
        private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");
        private static final Pattern ID = Pattern.compile(ULID.pattern() + "(?=(\\.sst)?$)");

        @Option(names = "--blocks", description = "Print where the blocks are.")
        private boolean isBlocks;

        @Option(names = "--rows", description = "Print the rows.")
        private boolean isRows;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "At most so many rows (default: all).")
        private long limit = Long.MAX_VALUE;

        @Parameters(
                paramLabel = "SST",
                description = "An SST's id, an object's name in the database, or a file.")
        private String sst = "";

        @Override
        protected ExitStatus run(Output out) throws Exception {
            Path file = Path.of(sst);
            if (!isId() && Files.isRegularFile(file)) return dump(readFile(file), out);
            return super.run(out);
        }

        @Override
        ExitStatus look(StoredObjects objects, Output out) {
            String name = isId() ? "compacted/" + sst + ".sst" : sst;
            return dump(objects.read(name), out);
        }

        private boolean isId() {
            return ULID.matcher(sst).matches();
        }

        private ExitStatus dump(Bytes bytes, Output out) {
            var table = new SstFile(bytes, seal());
            var page = table.head(sst);
            if (isBlocks) page.add("blocks", table.blocks());
            print(page, out);
            if (isRows) table.print(rows(out, limit));
            return ExitStatus.OK;
        }

        // A table is sealed as the one that its name says.
        private SectionSeal seal() {
            var seals = new StoredSeals(keys());
            Matcher id = ID.matcher(sst);
            return id.find() ? seals.table(Ulid.parse(id.group())) : seals.log();
        }

        private static Bytes readFile(Path file) throws IOException {
            return Bytes.wrap(Files.readAllBytes(file));
        }
    }
}
