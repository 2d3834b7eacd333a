package dev.holdfast.app.survey;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.console.Units;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Drain;
import dev.holdfast.format.compactions.Compaction.Tiered;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A survey as a page for a person. Not thread-safe.
public final class SurveyPage {
    private static final int KEY_SHOWN_MAX = 24;
    private static final long GIB = 1 << 30;
    private static final long MILLION = 1_000_000;

    private final Survey survey;
    private final List<String> lines = new ArrayList<>();

    private SurveyPage(Survey survey) {
        this.survey = survey;
    }

    /// The lines of the page.
    public static List<String> of(Survey survey) {
        var page = new SurveyPage(survey);
        page.head();
        page.levels();
        page.checkpoints();
        page.compactions();
        page.estimates();
        page.objects();
        page.cost();
        return page.lines;
    }

    private void fact(String name, String value) {
        lines.add("%-13s%s".formatted(name, value));
    }

    private void head() {
        Survey.Head head = survey.head();
        Manifest manifest = head.manifest();
        fact("database", survey.location().toString());
        fact("state", state());
        fact(
                "profile",
                SurveyJson.profile(head.profile())
                        + ", stage "
                        + manifest.stage().name().toLowerCase(Locale.ROOT));
        fact(
                "manifest",
                "%d, written %s ago (%s, version %d)"
                        .formatted(
                                head.object().id(),
                                Units.time(secondsSince(head.object().modifiedMillis())),
                                Units.bytes(head.object().size()),
                                head.version()));
        fact(
                "epochs",
                "writer %d, compactor %d"
                        .formatted(manifest.writerEpoch(), manifest.compactorEpoch()));
        fact("commits", "in tables up to seq " + Units.count(manifest.lastL0Seq()));
        fact("log", log(manifest));
    }

    private String state() {
        return switch (survey.occupancy()) {
            case Occupancy.Held(String holder) -> "running: in use by " + holder;
            case Occupancy.Free(boolean isClean) ->
                    isClean ? "at rest, stopped in order" : "at rest: no process holds it";
            case Occupancy.Unknown() ->
                    "unknown: who writes to this store does not show, but by the manifest's age";
        };
    }

    private String log(Manifest manifest) {
        LogBehind log = survey.log();
        if (manifest.walObjectStoreUri() != null)
            return "in another store, not looked at: " + manifest.walObjectStoreUri();
        if (log.last() == 0) return "nothing behind the tables";
        String fences = log.fences() == 0 ? "" : ", " + Units.count(log.fences(), "fence");
        return "%s%s behind the tables, %s (wal %d to %d%s)"
                .formatted(
                        log.isAll() ? "" : "at least ",
                        Units.count(log.objects(), "object"),
                        Units.bytes(log.bytes()),
                        log.first(),
                        log.last(),
                        fences);
    }

    private long secondsSince(long millis) {
        return (survey.nowMillis() - millis) / 1000;
    }

    private void levels() {
        lines.add("");
        lines.add(row("level", "tables", "bytes", "rows", "tombstones") + "  keys");
        for (Level level : survey.levels())
            lines.add(
                    row(
                                    nameOf(level),
                                    Units.count(level.tables()),
                                    Units.bytes(level.bytes()),
                                    rows(level.rows(), level.rows().rows()),
                                    rows(level.rows(), level.rows().deletes()))
                            + "  "
                            + keys(level));
        RowCounts rows = survey.rows();
        lines.add(
                row(
                        "total",
                        Units.count(survey.tables()),
                        Units.bytes(survey.tableBytes()),
                        rows(rows, rows.rows()),
                        rows(rows, rows.deletes())));
        if (0 < rows.silent())
            lines.add(
                    Units.count(rows.silent(), "table")
                            + " not asked for rows, or silent (--rows asks every table)");
        long filters = survey.levels().stream().mapToLong(Level::filterBytes).sum();
        long indexes = survey.levels().stream().mapToLong(Level::indexBytes).sum();
        lines.add(
                "filters %s and indexes %s, as stored: what reads keep in memory besides blocks"
                        .formatted(Units.bytes(filters), Units.bytes(indexes)));
    }

    private static String row(String... cells) {
        return "%-13s%9s%13s%16s%13s".formatted((Object[]) cells);
    }

    private static String nameOf(Level level) {
        String name = level.isL0() ? "L0" : "run " + level.run();
        return level.segment() == null ? name : shown(level.segment()) + " " + name;
    }

    private static String rows(RowCounts rows, long count) {
        if (rows.silent() == 0) return Units.count(count);
        return rows.rows() == 0 ? "?" : ">=" + Units.count(count);
    }

    private static String keys(Level level) {
        return level.firstKey() == null
                ? "none"
                : shown(level.firstKey()) + " .. " + shown(level.lastKey());
    }

    private static String shown(@Nullable Bytes key) {
        String text = key == null ? "" : Escapes.show(key);
        return text.length() <= KEY_SHOWN_MAX ? text : text.substring(0, KEY_SHOWN_MAX) + "...";
    }

    private void checkpoints() {
        lines.add("");
        if (survey.pins().isEmpty()) fact("checkpoints", "none");
        for (Pin pin : survey.pins()) {
            Checkpoint each = pin.checkpoint();
            fact(
                    "checkpoint",
                    "%s%s: manifest %d, %s old, %s; %s"
                            .formatted(
                                    each.id(),
                                    each.name() == null ? "" : " `" + each.name() + "`",
                                    each.manifestId(),
                                    Units.time(secondsSince(each.createSeconds() * 1000)),
                                    expiry(each),
                                    pinned(pin)));
        }
    }

    private String expiry(Checkpoint checkpoint) {
        if (checkpoint.expireSeconds() == 0) return "never expires";
        long left = checkpoint.expireSeconds() - survey.nowMillis() / 1000;
        return left < 0
                ? "expired " + Units.time(-left) + " ago"
                : "expires in " + Units.time(left);
    }

    private static String pinned(Pin pin) {
        return switch (pin.standing()) {
            case READ ->
                    "keeps %s, %s for itself alone"
                            .formatted(
                                    Units.count(pin.tables(), "table"), Units.bytes(pin.bytes()));
            case MISSING -> "ITS MANIFEST IS MISSING (holdfast fsck)";
            case DAMAGED -> "ITS MANIFEST IS DAMAGED (holdfast fsck)";
            case NOT_LOOKED_AT -> "what it keeps was not looked at";
        };
    }

    private void compactions() {
        if (survey.compactions().isEmpty()) fact("compactions", "none under way");
        for (Compaction each : survey.compactions())
            fact(
                    "compaction",
                    "%s %s since %s: %s; %s finished, %s"
                            .formatted(
                                    each.id(),
                                    each.status().name().toLowerCase(Locale.ROOT),
                                    Units.time(secondsSince(each.id().timeMillis())),
                                    sources(each),
                                    Units.count(each.outputs().size(), "table"),
                                    Units.bytes(SurveyJson.bytesOf(each.outputs()))));
    }

    private static String sources(Compaction compaction) {
        return switch (compaction.spec()) {
            case Tiered tiered ->
                    "%d of L0 and runs %s become %s"
                            .formatted(
                                    tiered.l0ViewIds().size(),
                                    tiered.sortedRuns(),
                                    tiered.destination() == null
                                            ? "a new run"
                                            : "run " + tiered.destination());
            case Drain drain ->
                    "%d of L0 and runs %s are dropped"
                            .formatted(drain.l0ViewIds().size(), drain.sortedRuns());
        };
    }

    private void estimates() {
        Amplification estimate = survey.amplification();
        Double space = estimate.space();
        Double write = estimate.write();
        lines.add("");
        fact(
                "reads",
                "a lookup looks at %s at most%s"
                        .formatted(
                                Units.count(estimate.readTables(), "table"),
                                estimate.readTables() <= 2
                                        ? ""
                                        : "; filters spare it all but one or two"));
        fact(
                "space",
                space == null
                        ? "no sorted run yet to measure by"
                        : "about %s bytes for each byte of the oldest run"
                                .formatted(Units.ratio(space)));
        fact(
                "writes",
                write == null
                        ? "no table yet to measure by"
                        : "about %s bytes written for each that is there, by the tree's shape"
                                .formatted(Units.ratio(write)));
        requests(estimate);
    }

    // Of settings, a survey sees none: a server may have others than the usual ones.
    private void requests(Amplification estimate) {
        Double write = estimate.write();
        RequestEstimate written =
                RequestEstimate.of(Settings.defaults(), write == null ? 2 : write, GIB);
        fact(
                "requests",
                "a GiB written in a stream: about %s (%s), %s; %s a collection"
                        .formatted(
                                Units.count(written.puts(), "PUT"),
                                Units.bytes(written.bytes()),
                                Units.count(written.gets(), "GET"),
                                Units.count(RequestEstimate.LISTS_OF_A_COLLECTION, "LIST")));
        fact(
                "",
                "a million lookups of what is in no cache: about %s"
                        .formatted(
                                Units.count(
                                        RequestEstimate.getsOf(MILLION, estimate.readTables()),
                                        "GET")));
    }

    private void objects() {
        StoredBytes stored = survey.stored();
        lines.add("");
        if (stored == null) {
            fact("objects", "not listed (--objects lists them, and tells what is garbage)");
            return;
        }
        for (StoredBytes.Need need : StoredBytes.Need.values()) {
            StoredBytes.Sum sum = stored.of(need);
            if (0 < sum.objects()) fact(wordOf(need), wordsOf(sum));
        }
        fact("in all", wordsOf(stored.all()));
    }

    private static String wordsOf(StoredBytes.Sum sum) {
        return Units.count(sum.objects(), "object") + ", " + Units.bytes(sum.bytes());
    }

    private static String wordOf(StoredBytes.Need need) {
        return switch (need) {
            case LIVE -> "live";
            case PINNED -> "pinned";
            case UNDER_WAY -> "under way";
            case FENCE -> "fences";
            case GARBAGE -> "garbage";
            case OTHER -> "other";
        };
    }

    private void cost() {
        if (!Money.isKnown(survey.location().url())) return;
        String requests = Units.count(survey.traffic().requests(), "request");
        var money = new Money(SurveyJson.keptBytes(survey), survey.traffic());
        fact(
                "cost",
                String.format(
                        Locale.ROOT,
                        "about $%.2f a month for %s; this look $%.6f (%s), at S3 Standard's prices",
                        money.dollarsAMonth(),
                        Units.bytes(money.bytes()),
                        money.dollarsForRequests(),
                        requests));
    }
}
