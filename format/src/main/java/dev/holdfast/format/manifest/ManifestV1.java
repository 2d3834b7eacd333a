package dev.holdfast.format.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.Identifiers;
import java.util.ArrayList;
import java.util.List;

/// The tables of manifests of version 1.
final class ManifestV1 {
    static final int VERSION = 1;

    private static final int SLOTS = 16;

    private ManifestV1() {}

    static int encode(Manifest manifest, FlatBuilder out) {
        int external = ManifestParts.encodeExternalDbs(manifest.externalDbs(), out);
        int l0 = SstHandles.encodeViews(manifest.l0(), out);
        int lastCompacted = Identifiers.encode(out, manifest.lastCompactedL0());
        int runs = encodeRuns(manifest.sortedRuns(), out);
        int checkpoints = ManifestParts.encodeCheckpoints(manifest.checkpoints(), out);
        String uri = manifest.walObjectStoreUri();
        int walUri = uri == null ? 0 : out.string(uri);
        int tracker = out.bytes(manifest.sequenceTracker().encode());
        ManifestParts.encodeHead(manifest, out);
        return out.reference(1, external)
                .reference(7, lastCompacted)
                .reference(8, l0)
                .reference(9, runs)
                .u64(10, manifest.lastL0ClockTick(), 0)
                .reference(11, checkpoints)
                .u64(12, manifest.lastL0Seq(), 0)
                .reference(13, walUri)
                .u64(14, manifest.recentSnapshotMinSeq(), 0)
                .reference(15, tracker)
                .table();
    }

    static Manifest decode(FlatTable root) {
        root.withSlots(SLOTS, "manifest");
        Bytes tracker = root.bytes(15);
        return ManifestParts.decodeHead(root)
                .lastCompactedL0(Identifiers.ulid(root, 7))
                .l0(SstHandles.decodeViews(root.requiredTables(8, "manifest l0")))
                .sortedRuns(decodeRuns(root.requiredTables(9, "manifest compacted")))
                .lastL0ClockTick(root.i64(10, 0))
                .checkpoints(ManifestParts.decodeCheckpoints(root, 11))
                .lastL0Seq(root.u63(12, "manifest last_l0_seq"))
                .walObjectStoreUri(root.string(13))
                .recentSnapshotMinSeq(root.u63(14, "manifest recent_snapshot_min_seq"))
                .sequenceTracker(ManifestParts.tracker(tracker))
                .build();
    }

    private static int encodeRuns(List<SortedRun> runs, FlatBuilder out) {
        int[] tables = new int[runs.size()];
        for (int i = 0; i < tables.length; i++) {
            SortedRun run = runs.get(i);
            int ssts = SstHandles.encodeViews(run.ssts(), out);
            tables[i] = out.u32(0, (int) run.id()).reference(1, ssts).table();
        }
        return out.references(tables);
    }

    private static List<SortedRun> decodeRuns(FlatTable.Tables tables) {
        var runs = new ArrayList<SortedRun>(tables.count());
        for (int i = 0; i < tables.count(); i++) {
            FlatTable run = tables.at(i).withSlots(2, "manifest sorted run");
            runs.add(
                    new SortedRun(
                            run.u32(0),
                            SstHandles.decodeViews(run.requiredTables(1, "sorted run ssts"))));
        }
        return runs;
    }
}
