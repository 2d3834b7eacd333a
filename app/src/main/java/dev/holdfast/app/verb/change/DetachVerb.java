package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.upkeep.DetachReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `detach`: has a clone stand on its own.
@Command(
        name = "detach",
        header = "Have a clone stand on its own.",
        description = {
            "Copies the tables that the clone at --path shares with other databases, then has those"
                    + " keep them for --grace only. Safe beside a live server of the clone. Killed"
                    + " anywhere, run it again to go on.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  holdfast detach --data s3://bucket --path experiment",
            "Exit: 0 it needs no other database, 1 checkpoints of it still do (run it again once"
                    + " they have ended), 66 no such database."
        })
public final class DetachVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "15m",
            description =
                    "How long others go on keeping what it has read (default: ${DEFAULT-VALUE}).")
    private Duration grace = Duration.ofMinutes(15);

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) {
        DatabaseLocation location = data.location();
        try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>())) {
            DetachReport report = Engine.clones(store).detach(location.path(), grace);
            print(report, out);
            return report.isDetached() ? ExitStatus.OK : ExitStatus.PROBLEMS;
        }
    }

    private void print(DetachReport report, Output out) {
        var page =
                new Page()
                        .add("detached", String.valueOf(report.isDetached()))
                        .add("tablesCopied", report.tablesCopied())
                        .add("bytesCopied", report.bytesCopied())
                        .add("released", report.released())
                        .add("heldBy", report.heldBy().stream().map(UUID::toString).toList());
        if (isJson) page.printJson(out);
        else page.printText(out);
    }
}
