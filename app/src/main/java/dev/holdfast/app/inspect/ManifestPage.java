package dev.holdfast.app.inspect;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.format.manifest.Bound;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a manifest says, in the glossary's words.
public final class ManifestPage {
    private ManifestPage() {}

    /// The page of manifest `id`.
    public static Page of(long id, ManifestCodec.Decoded decoded) {
        Manifest manifest = decoded.manifest();
        return new Page()
                .add("manifest", id)
                .add("version", decoded.version())
                .add("putId", decoded.putId() == null ? null : decoded.putId().toString())
                .add("stage", manifest.stage().name().toLowerCase(Locale.ROOT))
                .add("writerEpoch", manifest.writerEpoch())
                .add("compactorEpoch", manifest.compactorEpoch())
                .add("replayAfterWalId", manifest.replayAfterWalId())
                .add("walIdLastSeen", manifest.walIdLastSeen())
                .add("lastL0Seq", manifest.lastL0Seq())
                .add("recentSnapshotMinSeq", manifest.recentSnapshotMinSeq())
                .add("lastCompactedL0", text(manifest.lastCompactedL0()))
                .add("walObjectStoreUri", manifest.walObjectStoreUri())
                .add("l0", manifest.l0().stream().map(ManifestPage::view).toList())
                .add("sortedRuns", manifest.sortedRuns().stream().map(ManifestPage::run).toList())
                .add("segments", segments(manifest.segments()))
                .add("checkpoints", checkpoints(manifest.checkpoints()))
                .add("externalDbs", externalDbs(manifest));
    }

    private static Page run(SortedRun run) {
        return new Page()
                .add("id", run.id())
                .add("ssts", run.ssts().stream().map(ManifestPage::view).toList());
    }

    static Page view(SstView view) {
        SstHandle sst = view.sst();
        return new Page()
                .add("sst", sst.id().toString())
                .add("view", view.id().equals(sst.id()) ? null : view.id().toString())
                .add("version", sst.version())
                .add("size", sst.properties().propertiesOffset())
                .add("codec", sst.properties().codec().name().toLowerCase(Locale.ROOT))
                .add("first", entry(sst.properties().firstEntry()))
                .add("last", entry(sst.properties().lastEntry()))
                .add("visible", view.visible() == null ? null : range(view.visible()));
    }

    private static @Nullable String entry(dev.holdfast.base.@Nullable Bytes entry) {
        return entry == null ? null : Escapes.show(entry);
    }

    private static String range(KeyBounds bounds) {
        return (bounds.start().kind() == Bound.Kind.INCLUDED ? "[" : "(")
                + end(bounds.start())
                + ", "
                + end(bounds.end())
                + (bounds.end().kind() == Bound.Kind.INCLUDED ? "]" : ")");
    }

    private static String end(Bound bound) {
        return bound.key() == null ? "..." : Escapes.show(bound.key());
    }

    private static @Nullable List<Page> segments(List<Segment> segments) {
        if (segments.isEmpty()) return null;
        return segments.stream()
                .map(segment ->
                        new Page()
                                .add("prefix", Escapes.show(segment.prefix()))
                                .add("l0", segment.l0().size())
                                .add("sortedRuns", segment.sortedRuns().size()))
                .toList();
    }

    private static List<Page> checkpoints(List<Checkpoint> checkpoints) {
        return checkpoints.stream().map(ManifestPage::checkpoint).toList();
    }

    static Page checkpoint(Checkpoint checkpoint) {
        return new Page()
                .add("id", checkpoint.id().toString())
                .add("manifest", checkpoint.manifestId())
                .add("created", time(checkpoint.createSeconds()))
                .add("expires", time(checkpoint.expireSeconds()))
                .add("name", checkpoint.name());
    }

    private static @Nullable List<Page> externalDbs(Manifest manifest) {
        if (manifest.externalDbs().isEmpty()) return null;
        return manifest.externalDbs().stream()
                .map(external ->
                        new Page()
                                .add("path", external.path())
                                .add("ssts", external.sstIds().size()))
                .toList();
    }

    private static String time(long seconds) {
        return seconds == 0 ? "never" : Instant.ofEpochSecond(seconds).toString();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
