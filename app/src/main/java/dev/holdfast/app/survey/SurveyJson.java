package dev.holdfast.app.survey;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Drain;
import dev.holdfast.format.compactions.Compaction.Tiered;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A survey as one JSON object, in the form of `docs/operating/stats.schema.json`.
public final class SurveyJson {
    private static final int VERSION = 1; // rises when a field changes its meaning or goes away

    private SurveyJson() {}

    /// All that `survey` tells.
    public static Page of(Survey survey) {
        Manifest manifest = survey.head().manifest();
        StoredBytes stored = survey.stored();
        return new Page()
                .add("version", VERSION)
                .add("database", survey.location().toString())
                .add("at", Instant.ofEpochMilli(survey.nowMillis()).toString())
                .add("state", state(survey.occupancy()))
                .add("profile", profile(survey.head().profile()))
                .add("stage", word(manifest.stage()))
                .add("manifest", head(survey.head()))
                .add(
                        "epochs",
                        new Page()
                                .add("writer", manifest.writerEpoch())
                                .add("compactor", manifest.compactorEpoch()))
                .add(
                        "commits",
                        new Page()
                                .add("inTablesUpTo", manifest.lastL0Seq())
                                .add("neededFrom", manifest.recentSnapshotMinSeq()))
                .add("log", log(manifest, survey.log()))
                .add("levels", survey.levels().stream().map(SurveyJson::level).toList())
                .add("total", total(survey))
                .add("checkpoints", survey.pins().stream().map(SurveyJson::pin).toList())
                .add(
                        "compactions",
                        survey.compactions().stream().map(SurveyJson::compaction).toList())
                .add("estimates", estimates(survey.amplification()))
                .add("objects", stored == null ? null : objects(stored))
                .add("looked", looked(survey.traffic()))
                .add("cost", cost(survey));
    }

    private static Page state(Occupancy occupancy) {
        return switch (occupancy) {
            case Occupancy.Held(String holder) ->
                    new Page().add("is", "running").add("holder", holder);
            case Occupancy.Free(boolean isClean) ->
                    new Page().add("is", "at rest").add("stoppedInOrder", isClean);
            case Occupancy.Unknown() -> new Page().add("is", "unknown");
        };
    }

    static String profile(Profile profile) {
        return switch (profile) {
            case SLATEDB_0_12 -> "slatedb 0.12";
            case SLATEDB_0_15 -> "slatedb 0.15";
        };
    }

    private static Page head(Survey.Head head) {
        return new Page()
                .add("id", head.object().id())
                .add("version", head.version())
                .add("bytes", head.object().size())
                .add("written", Instant.ofEpochMilli(head.object().modifiedMillis()).toString());
    }

    private static Page log(Manifest manifest, LogBehind log) {
        return new Page()
                .add("replayAfter", manifest.replayAfterWalId())
                .add("first", log.first())
                .add("last", log.last())
                .add("objects", log.objects())
                .add("bytes", log.bytes())
                .add("fences", log.fences())
                .add("isAll", log.isAll());
    }

    private static Page level(Level level) {
        return new Page()
                .add("level", level.isL0() ? "L0" : "run")
                .add("run", level.run())
                .add("segment", key(level.segment()))
                .add("tables", level.tables())
                .add("bytes", level.bytes())
                .add("filterBytes", level.filterBytes())
                .add("indexBytes", level.indexBytes())
                .add("codecs", List.copyOf(level.codecs()))
                .add("firstKey", key(level.firstKey()))
                .add("lastKey", key(level.lastKey()))
                .add("rows", rows(level.rows()));
    }

    private static @Nullable String key(@Nullable Bytes key) {
        return key == null ? null : Escapes.show(key);
    }

    private static Page rows(RowCounts rows) {
        return new Page()
                .add("rows", rows.rows())
                .add("puts", rows.puts())
                .add("deletes", rows.deletes())
                .add("merges", rows.merges())
                .add("keyBytes", rows.keyBytes())
                .add("valueBytes", rows.valueBytes())
                .add("silentTables", rows.silent());
    }

    private static Page total(Survey survey) {
        return new Page()
                .add("tables", survey.tables())
                .add("bytes", survey.tableBytes())
                .add("filterBytes", survey.levels().stream().mapToLong(Level::filterBytes).sum())
                .add("indexBytes", survey.levels().stream().mapToLong(Level::indexBytes).sum())
                .add("rows", rows(survey.rows()));
    }

    private static Page pin(Pin pin) {
        Checkpoint checkpoint = pin.checkpoint();
        return new Page()
                .add("id", checkpoint.id().toString())
                .add("name", checkpoint.name())
                .add("manifest", checkpoint.manifestId())
                .add("created", time(checkpoint.createSeconds()))
                .add("expires", time(checkpoint.expireSeconds()))
                .add("standing", word(pin.standing()))
                .add("pinnedTables", pin.tables())
                .add("pinnedBytes", pin.bytes());
    }

    private static @Nullable String time(long seconds) {
        return seconds == 0 ? null : Instant.ofEpochSecond(seconds).toString();
    }

    private static Page compaction(Compaction compaction) {
        var page =
                new Page()
                        .add("id", compaction.id().toString())
                        .add("status", word(compaction.status()))
                        .add(
                                "begun",
                                Instant.ofEpochMilli(compaction.id().timeMillis()).toString());
        switch (compaction.spec()) {
            case Tiered tiered ->
                    page.add("l0", tiered.l0ViewIds().size())
                            .add("runs", tiered.sortedRuns())
                            .add("destination", tiered.destination());
            case Drain drain ->
                    page.add("l0", drain.l0ViewIds().size()).add("runs", drain.sortedRuns());
        }
        return page.add("tablesFinished", compaction.outputs().size())
                .add("bytesFinished", bytesOf(compaction.outputs()))
                .add("worker", compaction.worker() == null ? null : compaction.worker().id());
    }

    static long bytesOf(List<SstHandle> tables) {
        return tables.stream().mapToLong(table -> table.properties().propertiesOffset()).sum();
    }

    private static Page estimates(Amplification estimate) {
        return new Page()
                .add("readTables", estimate.readTables())
                .add("spaceAmplification", rounded(estimate.space()))
                .add("writeAmplification", rounded(estimate.write()));
    }

    private static @Nullable Double rounded(@Nullable Double ratio) {
        return ratio == null ? null : Math.round(ratio * 1000) / 1000.0;
    }

    private static Page objects(StoredBytes stored) {
        var page = new Page();
        for (StoredBytes.Need need : StoredBytes.Need.values())
            page.add(camel(need), sum(stored.of(need)));
        return page.add("all", sum(stored.all()));
    }

    private static Page sum(StoredBytes.Sum sum) {
        return new Page().add("objects", sum.objects()).add("bytes", sum.bytes());
    }

    private static @Nullable Page looked(StoreTraffic traffic) {
        if (traffic.requests() == 0) return null; // a store that does not count
        return new Page().add("requests", traffic.requests()).add("bytesRead", traffic.bytesRead());
    }

    private static @Nullable Page cost(Survey survey) {
        if (!Money.isKnown(survey.location().url())) return null;
        var money = new Money(keptBytes(survey), survey.traffic());
        return new Page()
                .add("bytes", money.bytes())
                .add("dollarsAMonth", money.dollarsAMonth())
                .add("dollarsForThisLook", money.dollarsForRequests());
    }

    static long keptBytes(Survey survey) {
        StoredBytes stored = survey.stored();
        return stored == null ? survey.tableBytes() + survey.log().bytes() : stored.all().bytes();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String camel(StoredBytes.Need need) {
        return switch (need) {
            case LIVE -> "live";
            case PINNED -> "pinned";
            case UNDER_WAY -> "underWay";
            case FENCE -> "fences";
            case GARBAGE -> "garbage";
            case OTHER -> "other";
        };
    }
}
