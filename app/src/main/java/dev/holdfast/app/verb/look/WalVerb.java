package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.inspect.Rows;
import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.app.inspect.StoredObjects.Numbered;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.StoredSeals;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wire.FormatException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `wal`: looks at the write-ahead log.
@Command(
        name = "wal",
        header = "Look at the write-ahead log.",
        description = "Looks at the write-ahead log.",
        subcommands = WalVerb.Show.class,
        footer = {"", "Example:", "  holdfast wal show"})
public final class WalVerb extends Group {
    /// `wal show`: lists the objects of the log.
    @Command(
            name = "show",
            header = "Print what the log holds.",
            description = {
                "Lists the objects of the log with what they hold, and with"
                        + " --rows their rows. Each is"
                        + " read and checked. Writes nothing and fences nobody.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast wal show",
                "  holdfast wal show --from 120 --objects 1 --rows",
                "Exit: 0, 65 a damaged object, 66 no such database."
            })
    static final class Show extends InspectVerb {
        @Option(names = "--from", paramLabel = "ID", description = "Begin at this object.")
        private long from;

        @Option(
                names = "--objects",
                paramLabel = "N",
                description = "At most so many objects (default: all).")
        private long objectsMax = Long.MAX_VALUE;

        @Option(names = "--rows", description = "Print the rows.")
        private boolean isRows;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "At most so many rows (default: all).")
        private long limit = Long.MAX_VALUE;

        private long shown;

        @Override
        ExitStatus look(StoredObjects objects, Output out) {
            Rows rows = rows(out, limit);
            objects.visit(
                    "wal",
                    ".sst",
                    from,
                    found -> {
                        if (shown == objectsMax) return false;
                        shown++;
                        show(found, objects.read(found.name()), rows, out);
                        return true;
                    });
            return ExitStatus.OK;
        }

        private void show(Numbered found, Bytes object, Rows rows, Output out) {
            var seals = new StoredSeals(keys());
            try {
                Page page = new Page().add("wal", found.id()).add("size", found.size());
                switch (WalDecoder.decode(object, seals.log())) {
                    case WalDecoder.Fence(WalDecoder.FenceForm form) ->
                            printLine(page.add("fence", word(form)), out);
                    case WalDecoder.Rows(long firstSeq, RowCursor cursor) -> {
                        printLine(summarized(page.add("firstSeq", firstSeq), cursor), out);
                        if (isRows
                                && WalDecoder.decode(object, seals.log())
                                        instanceof WalDecoder.Rows again) rows.print(again.rows());
                    }
                }
            } catch (FormatException damaged) {
                throw new Failure(
                        ExitStatus.BAD_DATA,
                        found.name() + " is damaged: " + damaged.getMessage(),
                        damaged);
            }
        }

        private static Page summarized(Page page, RowCursor cursor) {
            long rows = 0;
            long lastSeq = 0;
            while (cursor.next()) {
                rows++;
                lastSeq = cursor.seq();
            }
            return page.add("lastSeq", lastSeq).add("rows", rows);
        }

        private static String word(WalDecoder.FenceForm form) {
            return form.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
