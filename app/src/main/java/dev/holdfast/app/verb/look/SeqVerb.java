package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.upkeep.SeqTimes;
import dev.holdfast.engine.api.upkeep.SeqTimes.Point;
import dev.holdfast.engine.api.upkeep.SeqTimes.Rounding;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `seq`: which commit was written when.
@Command(
        name = "seq",
        header = "Tell which commit was written when.",
        description = {
            "Tells which commit was the last at a time, or when a commit was written, as far as the"
                    + " database remembers: about one point a minute, of what is in tables. Without"
                    + " --at and --of it prints all points. Writes nothing and fences nobody.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast seq",
            "  holdfast seq --at 2026-01-31T12:00:00Z",
            "  holdfast seq --of 120000 --round up --json",
            "Exit: 0, 66 nothing is known on that side, or no such database."
        })
public final class SeqVerb extends Verb {
    /// Which way to look from what was asked for.
    enum Way {
        down,
        up
    }

    @Mixin private LocationOptions data = new LocationOptions();

    @Option(names = "--at", paramLabel = "TIME", description = "The commit at this instant.")
    private @Nullable String at;

    @Option(names = "--of", paramLabel = "SEQ", description = "The time of this commit.")
    private @Nullable Long of;

    @Option(
            names = "--round",
            paramLabel = "down|up",
            defaultValue = "down",
            description = "To the point before, or behind (default: ${DEFAULT-VALUE}).")
    private Way way = Way.down;

    @Option(names = "--json", description = "Print a JSON object a line.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) {
        if (at != null && of != null)
            throw new Failure(ExitStatus.USAGE, "--at and --of exclude each other");
        DatabaseLocation location = data.location();
        var rest = new ArrayDeque<AutoCloseable>();
        try (var store = OpenDatabase.existing(location, Env.system(), rest)) {
            SeqTimes times = Engine.seqTimes(store, location.path());
            if (at == null && of == null) {
                times.points().forEach(each -> print(each, out));
                return ExitStatus.OK;
            }
            Point found = found(times);
            if (found == null) return ExitStatus.MISSING;
            print(found, out);
            return ExitStatus.OK;
        }
    }

    private @Nullable Point found(SeqTimes times) {
        Rounding rounding = way == Way.up ? Rounding.UP : Rounding.DOWN;
        if (of != null) return times.of(of, rounding);
        try {
            return times.at(Instant.parse(String.valueOf(at)), rounding);
        } catch (DateTimeException wrong) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "--at is not a time: `" + at + "` (write 2026-01-31T12:00:00Z)",
                    wrong);
        }
    }

    private void print(Point point, Output out) {
        if (!isJson) {
            out.line(point.seq() + "\t" + point.time());
            return;
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("seq", point.seq());
        object.put("time", point.time().toString());
        out.json(object);
    }
}
