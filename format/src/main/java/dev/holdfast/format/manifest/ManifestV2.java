package dev.holdfast.format.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Identifiers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tables of manifests of version 2: SSTs stand in one list, and levels name views of them.
final class ManifestV2 {
    static final int VERSION = 2;

    private static final int SLOTS = 18;

    private ManifestV2() {}

    static int encode(Manifest manifest, FlatBuilder out) {
        int external = ManifestParts.encodeExternalDbs(manifest.externalDbs(), out);
        int lastCompacted = Identifiers.encode(out, manifest.lastCompactedL0());
        int ssts = encodeSsts(manifest, out);
        int l0 = encodeViews(manifest.l0(), out);
        int runs = encodeRuns(manifest.sortedRuns(), out);
        int checkpoints = ManifestParts.encodeCheckpoints(manifest.checkpoints(), out);
        int tracker = out.bytes(manifest.sequenceTracker().encode());
        int segments = encodeSegments(manifest.segments(), out);
        String extractor = manifest.segmentExtractorName();
        int extractorName = extractor == null ? 0 : out.string(extractor);
        ManifestParts.encodeHead(manifest, out);
        return out.reference(1, external)
                .reference(7, lastCompacted)
                .reference(8, ssts)
                .reference(9, l0)
                .reference(10, runs)
                .u64(11, manifest.lastL0ClockTick(), 0)
                .reference(12, checkpoints)
                .u64(13, manifest.lastL0Seq(), 0)
                .u64(14, manifest.recentSnapshotMinSeq(), 0)
                .reference(15, tracker)
                .reference(16, segments)
                .reference(17, extractorName)
                .table();
    }

    static Manifest decode(FlatTable root) {
        root.withSlots(SLOTS, "manifest");
        Map<Ulid, SstHandle> ssts = decodeSsts(root.requiredTables(8, "manifest ssts"));
        Bytes tracker = root.bytes(15);
        return ManifestParts.decodeHead(root)
                .lastCompactedL0(Identifiers.ulid(root, 7))
                .l0(decodeViews(root.requiredTables(9, "manifest l0"), ssts))
                .sortedRuns(decodeRuns(root.requiredTables(10, "manifest compacted"), ssts))
                .lastL0ClockTick(root.i64(11, 0))
                .checkpoints(ManifestParts.decodeCheckpoints(root, 12))
                .lastL0Seq(root.u63(13, "manifest last_l0_seq"))
                .recentSnapshotMinSeq(root.u63(14, "manifest recent_snapshot_min_seq"))
                .sequenceTracker(ManifestParts.tracker(tracker))
                .segments(decodeSegments(root.tables(16), ssts))
                .segmentExtractorName(root.string(17))
                .build();
    }

    // Each SST once, in the order in which views name it first.
    private static int encodeSsts(Manifest manifest, FlatBuilder out) {
        var distinct = new LinkedHashMap<Ulid, SstHandle>();
        collect(manifest.l0(), manifest.sortedRuns(), distinct);
        for (Segment segment : manifest.segments())
            collect(segment.l0(), segment.sortedRuns(), distinct);
        int[] tables = new int[distinct.size()];
        int count = 0;
        for (SstHandle sst : distinct.values()) {
            int id = Identifiers.encode(out, sst.id());
            int properties = sst.properties().encode(out);
            tables[count++] =
                    out.reference(0, id)
                            .reference(1, properties)
                            .u16(2, sst.version(), ManifestParts.SST_VERSION_ABSENT)
                            .table();
        }
        return out.references(tables);
    }

    private static void collect(
            List<SstView> l0, List<SortedRun> runs, Map<Ulid, SstHandle> distinct) {
        for (SstView view : l0) distinct.putIfAbsent(view.sst().id(), view.sst());
        for (SortedRun run : runs)
            for (SstView view : run.ssts()) distinct.putIfAbsent(view.sst().id(), view.sst());
    }

    private static int encodeViews(List<SstView> views, FlatBuilder out) {
        int[] tables = new int[views.size()];
        for (int i = 0; i < tables.length; i++) {
            SstView view = views.get(i);
            int id = Identifiers.encode(out, view.id());
            int sst = Identifiers.encode(out, view.sst().id());
            KeyBounds visible = view.visible();
            int range = visible == null ? 0 : visible.encode(out);
            tables[i] = out.reference(0, id).reference(1, sst).reference(2, range).table();
        }
        return out.references(tables);
    }

    private static int encodeRuns(List<SortedRun> runs, FlatBuilder out) {
        int[] tables = new int[runs.size()];
        for (int i = 0; i < tables.length; i++) {
            SortedRun run = runs.get(i);
            int views = encodeViews(run.ssts(), out);
            tables[i] = out.u32(0, (int) run.id()).reference(1, views).table();
        }
        return out.references(tables);
    }

    private static int encodeSegments(List<Segment> segments, FlatBuilder out) {
        if (segments.isEmpty()) return 0;
        int[] tables = new int[segments.size()];
        for (int i = 0; i < tables.length; i++) {
            Segment segment = segments.get(i);
            int prefix = out.bytes(segment.prefix());
            int lastCompacted = Identifiers.encode(out, segment.lastCompactedL0());
            int l0 = encodeViews(segment.l0(), out);
            int runs = encodeRuns(segment.sortedRuns(), out);
            tables[i] =
                    out.reference(0, prefix)
                            .reference(1, lastCompacted)
                            .reference(2, l0)
                            .reference(3, runs)
                            .table();
        }
        return out.references(tables);
    }

    private static Map<Ulid, SstHandle> decodeSsts(FlatTable.Tables tables) {
        var ssts = new HashMap<Ulid, SstHandle>();
        for (int i = 0; i < tables.count(); i++) {
            FlatTable table = tables.at(i).withSlots(3, "manifest sst");
            Ulid id = Identifiers.requiredUlid(table, 0, "manifest sst id");
            SstProperties properties =
                    SstProperties.decode(table.requiredTable(1, "manifest sst info"));
            int version = table.u16(2, ManifestParts.SST_VERSION_ABSENT);
            if (ssts.put(id, new SstHandle(id, properties, version)) != null)
                throw new FormatException("manifest names an sst twice. id=`" + id + "`");
        }
        return ssts;
    }

    private static List<SstView> decodeViews(FlatTable.Tables tables, Map<Ulid, SstHandle> ssts) {
        var views = new ArrayList<SstView>(tables.count());
        for (int i = 0; i < tables.count(); i++) {
            FlatTable table = tables.at(i).withSlots(3, "manifest view");
            Ulid id = Identifiers.requiredUlid(table, 0, "manifest view id");
            Ulid sstId = Identifiers.requiredUlid(table, 1, "manifest view sst_id");
            SstHandle sst = ssts.get(sstId);
            if (sst == null)
                throw new FormatException("manifest view of an unknown sst. id=`" + sstId + "`");
            FlatTable range = table.table(2);
            views.add(new SstView(id, sst, range == null ? null : KeyBounds.decode(range)));
        }
        return views;
    }

    private static List<SortedRun> decodeRuns(FlatTable.Tables tables, Map<Ulid, SstHandle> ssts) {
        var runs = new ArrayList<SortedRun>(tables.count());
        for (int i = 0; i < tables.count(); i++) {
            FlatTable run = tables.at(i).withSlots(2, "manifest sorted run");
            runs.add(
                    new SortedRun(
                            run.u32(0),
                            decodeViews(run.requiredTables(1, "sorted run ssts"), ssts)));
        }
        return runs;
    }

    private static List<Segment> decodeSegments(
            FlatTable.Tables tables, Map<Ulid, SstHandle> ssts) {
        var segments = new ArrayList<Segment>(tables.count());
        for (int i = 0; i < tables.count(); i++) {
            FlatTable segment = tables.at(i).withSlots(4, "manifest segment");
            Bytes prefix = segment.requiredBytes(0, "segment prefix");
            segments.add(
                    new Segment(
                            Bytes.wrap(prefix.toArray()),
                            Identifiers.ulid(segment, 1),
                            decodeViews(segment.tables(2), ssts),
                            decodeRuns(segment.tables(3), ssts)));
        }
        return segments;
    }
}
