package dev.holdfast.app.inspect;

import dev.holdfast.app.console.Output;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What differs between two manifests of one database, field by field.
///
/// @param fields single values that differ, in the order of the manifest's own page
/// @param tables levels whose tables differ
public record ManifestDiff(
        long from,
        long to,
        List<Field> fields,
        List<TableChange> tables,
        List<CheckpointChange> checkpoints,
        List<String> externalIn,
        List<String> externalOut) {

    /// A single value that differs; null where there is none.
    public record Field(String name, @Nullable Object from, @Nullable Object to) {
        private String line() {
            return name
                    + ": "
                    + (from == null ? "none" : from)
                    + " -> "
                    + (to == null ? "none" : to);
        }
    }

    /// A checkpoint that came, went or changed.
    record CheckpointChange(@Nullable Checkpoint from, @Nullable Checkpoint to) {
        private String line() {
            if (from == null) return "checkpoint + " + inLine(Objects.requireNonNull(to));
            if (to == null) return "checkpoint - " + inLine(from);
            return "checkpoint " + inLine(from) + " -> " + inLine(to);
        }

        private static String inLine(Checkpoint checkpoint) {
            return ManifestPage.checkpoint(checkpoint).inLine();
        }

        private Page page() {
            return new Page()
                    .add("from", from == null ? null : ManifestPage.checkpoint(from))
                    .add("to", to == null ? null : ManifestPage.checkpoint(to));
        }
    }

    /// One of two manifests.
    public record Side(long id, ManifestCodec.Decoded decoded) {}

    /// What has to change in `from` to become `to`.
    public static ManifestDiff between(Side from, Side to) {
        Manifest before = from.decoded().manifest();
        Manifest after = to.decoded().manifest();
        Set<String> externalBefore = externals(before);
        Set<String> externalAfter = externals(after);
        return new ManifestDiff(
                from.id(),
                to.id(),
                fields(from.decoded(), to.decoded()),
                tables(before, after),
                checkpoints(before.checkpoints(), after.checkpoints()),
                without(externalAfter, externalBefore),
                without(externalBefore, externalAfter));
    }

    private static List<Field> fields(ManifestCodec.Decoded from, ManifestCodec.Decoded to) {
        var named = new LinkedHashMap<String, Function<ManifestCodec.Decoded, @Nullable Object>>();
        named.put("version", ManifestCodec.Decoded::version);
        named.put("stage", of(Manifest::stage));
        named.put("writerEpoch", of(Manifest::writerEpoch));
        named.put("compactorEpoch", of(Manifest::compactorEpoch));
        named.put("replayAfterWalId", of(Manifest::replayAfterWalId));
        named.put("walIdLastSeen", of(Manifest::walIdLastSeen));
        named.put("lastL0Seq", of(Manifest::lastL0Seq));
        named.put("lastL0ClockTick", of(ManifestDiff::clockTick));
        named.put("recentSnapshotMinSeq", of(Manifest::recentSnapshotMinSeq));
        named.put("lastCompactedL0", of(Manifest::lastCompactedL0));
        named.put("walObjectStoreUri", of(Manifest::walObjectStoreUri));
        named.put("segmentExtractorName", of(Manifest::segmentExtractorName));
        List<Field> differing = new ArrayList<>();
        named.forEach((name, value) -> {
            Object before = value.apply(from);
            Object after = value.apply(to);
            if (!Objects.equals(before, after))
                differing.add(new Field(name, plain(before), plain(after)));
        });
        if (!from.manifest().sequenceTracker().equals(to.manifest().sequenceTracker()))
            differing.add(new Field("sequenceTracker", "entries", "other entries"));
        return List.copyOf(differing);
    }

    private static Function<ManifestCodec.Decoded, @Nullable Object> of(
            Function<Manifest, @Nullable Object> field) {
        return decoded -> field.apply(decoded.manifest());
    }

    // Before the first table there is none.
    private static @Nullable Object clockTick(Manifest manifest) {
        long tick = manifest.lastL0ClockTick();
        return tick == Long.MIN_VALUE ? null : tick;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value == null || value instanceof Number ? value : value.toString();
    }

    private static List<TableChange> tables(Manifest before, Manifest after) {
        List<TableChange> changes = new ArrayList<>();
        changes.add(TableChange.of(null, null, before.l0(), after.l0()));
        changes.addAll(runs(null, before.sortedRuns(), after.sortedRuns()));
        Map<Bytes, Segment> old = bySegment(before);
        Map<Bytes, Segment> fresh = bySegment(after);
        Set<Bytes> prefixes = new LinkedHashSet<>(old.keySet());
        prefixes.addAll(fresh.keySet());
        for (Bytes prefix : prefixes) {
            Segment was = old.get(prefix);
            Segment is = fresh.get(prefix);
            changes.add(
                    TableChange.of(
                            prefix,
                            null,
                            was == null ? List.of() : was.l0(),
                            is == null ? List.of() : is.l0()));
            changes.addAll(
                    runs(
                            prefix,
                            was == null ? List.of() : was.sortedRuns(),
                            is == null ? List.of() : is.sortedRuns()));
        }
        changes.removeIf(change -> change.standing() == TableChange.Standing.SAME);
        return List.copyOf(changes);
    }

    private static Map<Bytes, Segment> bySegment(Manifest manifest) {
        Map<Bytes, Segment> segments = new LinkedHashMap<>();
        manifest.segments().forEach(segment -> segments.put(segment.prefix(), segment));
        return segments;
    }

    private static List<TableChange> runs(
            @Nullable Bytes segment, List<SortedRun> before, List<SortedRun> after) {
        Map<Long, List<SstView>> old = byRun(before);
        Map<Long, List<SstView>> fresh = byRun(after);
        Set<Long> ids = new LinkedHashSet<>(fresh.keySet());
        ids.addAll(old.keySet());
        return ids.stream()
                .map(id -> TableChange.of(segment, id, old.get(id), fresh.get(id)))
                .toList();
    }

    private static Map<Long, List<SstView>> byRun(List<SortedRun> runs) {
        Map<Long, List<SstView>> byId = new LinkedHashMap<>();
        runs.forEach(run -> byId.put(run.id(), run.ssts()));
        return byId;
    }

    private static List<CheckpointChange> checkpoints(
            List<Checkpoint> before, List<Checkpoint> after) {
        Map<UUID, Checkpoint> old = byId(before);
        Map<UUID, Checkpoint> fresh = byId(after);
        Set<UUID> ids = new LinkedHashSet<>(old.keySet());
        ids.addAll(fresh.keySet());
        return ids.stream()
                .map(id -> new CheckpointChange(old.get(id), fresh.get(id)))
                .filter(change -> !Objects.equals(change.from(), change.to()))
                .toList();
    }

    private static Map<UUID, Checkpoint> byId(List<Checkpoint> checkpoints) {
        Map<UUID, Checkpoint> byId = new LinkedHashMap<>();
        checkpoints.forEach(checkpoint -> byId.put(checkpoint.id(), checkpoint));
        return byId;
    }

    private static Set<String> externals(Manifest manifest) {
        Set<String> texts = new LinkedHashSet<>();
        for (ExternalDb other : manifest.externalDbs())
            texts.add(
                    "%s at checkpoint %s, %d tables"
                            .formatted(
                                    other.path(),
                                    other.sourceCheckpointId(),
                                    other.sstIds().size()));
        return texts;
    }

    private static List<String> without(Set<String> texts, Set<String> others) {
        return texts.stream().filter(text -> !others.contains(text)).toList();
    }

    /// True if nothing differs.
    public boolean isEmpty() {
        return fields.isEmpty()
                && tables.isEmpty()
                && checkpoints.isEmpty()
                && externalIn.isEmpty()
                && externalOut.isEmpty();
    }

    /// Prints it for a person: what happened, and then each difference.
    public void printText(Output out) {
        out.line("manifest " + from + " -> " + to);
        if (isEmpty()) out.line("no difference");
        fields.forEach(field -> out.line(field.line()));
        for (TableChange change : tables) {
            out.line(change.inWords());
            change.lines().forEach(out::line);
        }
        checkpoints.forEach(change -> out.line(change.line()));
        externalIn.forEach(text -> out.line("other database + " + text));
        externalOut.forEach(text -> out.line("other database - " + text));
    }

    /// The same for a program.
    public Page page() {
        return new Page()
                .add("from", from)
                .add("to", to)
                .add(
                        "fields",
                        fields.stream()
                                .map(field ->
                                        new Page()
                                                .add("name", field.name())
                                                .add("from", field.from())
                                                .add("to", field.to()))
                                .toList())
                .add("tables", tables.stream().map(TableChange::page).toList())
                .add("checkpoints", checkpoints.stream().map(CheckpointChange::page).toList())
                .add("externalIn", externalIn)
                .add("externalOut", externalOut);
    }
}
