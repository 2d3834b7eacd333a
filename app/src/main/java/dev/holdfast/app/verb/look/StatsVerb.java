package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.survey.Survey;
import dev.holdfast.app.survey.SurveyJson;
import dev.holdfast.app.survey.SurveyMetrics;
import dev.holdfast.app.survey.SurveyPage;
import dev.holdfast.app.survey.Surveyor;
import dev.holdfast.app.survey.Surveyor.Thorough;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import java.util.ArrayDeque;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `stats`: what a database consists of.
@Command(
        name = "stats",
        header = "Show how much a database holds, in what shape, and what that costs.",
        description = {
            "Shows the newest manifest in figures: tables, runs, rows, the log behind the tables,"
                    + " checkpoints and what they keep, compactions under way, what the shape of"
                    + " the tree costs. Needs a handful of requests. Writes nothing and fences"
                    + " nobody: safe beside a live server, whose own figures are at /metrics.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast stats",
            "  holdfast stats /var/lib/holdfast --rows --objects",
            "  holdfast stats s3://bucket/prefix --json",
            "  holdfast stats s3://bucket/prefix --metrics > node_exporter/holdfast.prom",
            "Exit: 0, 65 damaged, 66 no such database, 69 the store does not answer."
        })
public final class StatsVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "LOCATION",
            description = "The store, as --data names it.")
    private @Nullable String place;

    @Option(
            names = "--rows",
            description =
                    "Ask every table how many rows it has, a request each (default: if there are"
                            + " at most 32).")
    private boolean isRows;

    @Option(
            names = "--objects",
            description = "List all objects: what is live, kept for a checkpoint, garbage.")
    private boolean isObjects;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Option(names = "--metrics", description = "Print figures as Prometheus reads them.")
    private boolean isMetrics;

    @Override
    protected ExitStatus run(Output out) {
        if (isJson && isMetrics)
            throw new Failure(ExitStatus.USAGE, "--json or --metrics, not both");
        DatabaseLocation location = data.location(place);
        var thorough = EnumSet.noneOf(Thorough.class);
        if (isRows) thorough.add(Thorough.ROWS);
        if (isObjects) thorough.add(Thorough.OBJECTS);
        try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>())) {
            Survey survey = new Surveyor(location, store, thorough, Env.system()).run();
            if (isJson) SurveyJson.of(survey).printJson(out);
            else if (isMetrics) SurveyMetrics.of(survey).forEach(out::line);
            else SurveyPage.of(survey).forEach(out::line);
            return ExitStatus.OK;
        }
    }
}
