package dev.holdfast.app.survey;

import dev.holdfast.format.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// A survey in the text form that Prometheus scrapes, all gauges: for who has a look at a database
/// now and then, from outside. `docs/operating/stats.md` lists the same.
public enum SurveyMetrics {
    MANIFEST_ID(
            "holdfast_manifest_id", "The newest manifest.", survey -> survey.head().object().id()),
    MANIFEST_SECONDS(
            "holdfast_manifest_age_seconds",
            "How long ago it was written, by the clocks of the store and of this machine.",
            survey ->
                    Math.max(0, survey.nowMillis() - survey.head().object().modifiedMillis())
                            / 1000),
    WRITER_EPOCH(
            "holdfast_writer_epoch",
            "How often the database was taken over.",
            survey -> manifest(survey).writerEpoch()),
    COMPACTOR_EPOCH(
            "holdfast_compactor_epoch",
            "How often its compaction was taken over.",
            survey -> manifest(survey).compactorEpoch()),
    SEQ_TABLES(
            "holdfast_seq_tables",
            "The last commit in tables.",
            survey -> manifest(survey).lastL0Seq()),
    L0_SSTS(
            "holdfast_l0_ssts",
            "Tables of L0: reads look at each.",
            survey -> sum(survey, level -> level.isL0() ? level.tables() : 0)),
    SORTED_RUNS(
            "holdfast_sorted_runs",
            "Sorted runs: reads look at one table of each.",
            survey -> sum(survey, level -> level.isL0() ? 0 : 1)),
    SSTS("holdfast_ssts", "All tables.", Survey::tables),
    SST_BYTES("holdfast_sst_bytes", "About how large they are.", Survey::tableBytes),
    FILTER_BYTES(
            "holdfast_filter_bytes",
            "What their filters take, in the store.",
            survey -> sum(survey, Level::filterBytes)),
    INDEX_BYTES(
            "holdfast_index_bytes",
            "What their indexes take, in the store.",
            survey -> sum(survey, Level::indexBytes)),
    ROWS(
            "holdfast_sst_rows",
            "Rows in tables, as far as those were asked.",
            survey -> survey.rows().rows()),
    TOMBSTONES(
            "holdfast_sst_tombstones",
            "Those that are tombstones.",
            survey -> survey.rows().deletes()),
    OPERANDS("holdfast_sst_operands", "Those that are operands.", survey -> survey.rows().merges()),
    SILENT(
            "holdfast_ssts_not_asked",
            "Tables that were not asked for their rows, or do not say.",
            survey -> survey.rows().silent()),
    LOG_OBJECTS(
            "holdfast_log_behind_objects",
            "Objects of the log that the next opening replays.",
            survey -> survey.log().objects()),
    LOG_BYTES("holdfast_log_behind_bytes", "Bytes of those.", survey -> survey.log().bytes()),
    CHECKPOINTS("holdfast_checkpoints", "Checkpoints.", survey -> survey.pins().size()),
    CHECKPOINT_BYTES(
            "holdfast_checkpoint_bytes",
            "Bytes of tables that stay for checkpoints alone, each counted with every one.",
            survey -> survey.pins().stream().mapToLong(Pin::bytes).sum()),
    COMPACTIONS(
            "holdfast_compactions_under_way",
            "Compactions that are not over.",
            survey -> survey.compactions().size());

    private final String title;
    private final String help;
    private final ToLongFunction<Survey> figure;

    SurveyMetrics(String title, String help, ToLongFunction<Survey> figure) {
        this.title = title;
        this.help = help;
        this.figure = figure;
    }

    /// Its name.
    public String title() {
        return title;
    }

    /// What it is, in a sentence.
    public String help() {
        return help;
    }

    /// All of them as `survey` has them, line by line.
    public static List<String> of(Survey survey) {
        var lines = new ArrayList<String>();
        for (SurveyMetrics each : values()) {
            lines.add("# HELP " + each.title + " " + each.help);
            lines.add("# TYPE " + each.title + " gauge");
            lines.add(each.title + " " + each.figure.applyAsLong(survey));
        }
        return lines;
    }

    private static Manifest manifest(Survey survey) {
        return survey.head().manifest();
    }

    private static long sum(Survey survey, ToLongFunction<Level> figure) {
        return survey.levels().stream().mapToLong(figure).sum();
    }
}
