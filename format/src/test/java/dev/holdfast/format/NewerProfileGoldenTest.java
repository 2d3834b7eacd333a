package dev.holdfast.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Status;
import dev.holdfast.format.compactions.Compactions;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.BoundaryMark;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wal.WalDecoder.FenceForm;
import dev.holdfast.format.wal.WalEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What belongs to the profile `slatedb-0.15` alone, as it was once written: tables with composite
/// filters, manifests and compactions of version 2, fences without bytes, marks of collectors.
class NewerProfileGoldenTest {
    private static final Ulid PUT_ID = Ulid.parse("01KB0000000000000000000001");
    private static final Ulid TABLE = Ulid.parse("01KB0000000000000000000002");
    private static final Ulid VIEW = Ulid.parse("01KB0000000000000000000003");
    private static final Ulid JOB = Ulid.parse("01KB0000000000000000000004");

    private static List<Row> rows() {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < 300; i++) rows.add(Row.put("key%04d".formatted(i), "value " + i, 1));
        return rows;
    }

    private static Bytes table() {
        var form = new SstSettings(1024, Codec.NONE, 10, 100, FilterForm.COMPOSITE);
        return Rows.encode(rows(), form);
    }

    private static SstHandle handle() {
        return new SstHandle(TABLE, SstFile.of(table()).properties(), 2);
    }

    private static Manifest manifest() {
        var view = new SstView(VIEW, handle(), null);
        return Manifest.initial()
                .but()
                .writerEpoch(3)
                .compactorEpoch(2)
                .replayAfterWalId(7)
                .walIdLastSeen(9)
                .lastL0Seq(1)
                .l0(List.of(view))
                .sortedRuns(List.of(new SortedRun(4, List.of(new SstView(JOB, handle(), null)))))
                .segments(
                        List.of(
                                new Segment(
                                        Bytes.utf8("key1"),
                                        VIEW,
                                        List.of(new SstView(PUT_ID, handle(), null)),
                                        List.of())))
                .segmentExtractorName("fixed-4")
                .build();
    }

    private static Compactions compactions() {
        var running =
                new Compaction(
                        JOB,
                        new Compaction.Tiered(List.of(VIEW), List.of(4L, 2L), null, 2L),
                        Status.RUNNING,
                        List.of(handle()),
                        null,
                        null);
        var drained =
                new Compaction(
                        PUT_ID,
                        new Compaction.Drain(Bytes.utf8("key1"), List.of(VIEW), List.of(4L)),
                        Status.FAILED,
                        List.of(),
                        null,
                        null);
        return new Compactions(5, List.of(running, drained));
    }

    @Test
    void shouldKeepTablesWithCompositeFilters() {
        OnceWritten.requireSame("newer/table.sst", table());
        Bytes stored = OnceWritten.read("newer/table.sst");

        SstFile file = SstFile.of(stored);
        assertEquals(rows().size(), SstVerifier.verify(stored).rows());
        assertEquals(FilterForm.COMPOSITE, file.properties().filterForm());
        byte[] key = "key0123".getBytes(StandardCharsets.UTF_8);
        assertTrue(file.filter().mightContain(key, 0, key.length));
    }

    @Test
    void shouldKeepManifestsWithSegments() {
        OnceWritten.requireSame(
                "newer/segments.manifest", ManifestCodec.encode(manifest(), 0, PUT_ID));

        var read = ManifestCodec.decode(OnceWritten.read("newer/segments.manifest"));
        assertEquals(new ManifestCodec.Decoded(manifest(), 2, PUT_ID, 0), read);
        assertEquals(
                EnumSet.of(Profile.Feature.MANIFEST_V2, Profile.Feature.COMPOSITE_FILTER),
                read.features());
    }

    @Test
    void shouldKeepCompactionsOfVersion2() {
        Bytes written =
                CompactionsCodec.encode(compactions(), CompactionsCodec.VERSION_NEWER, 0, PUT_ID);
        OnceWritten.requireSame("newer/full.compactions", written);

        assertEquals(
                new CompactionsCodec.Decoded(compactions(), 2, PUT_ID, 0),
                CompactionsCodec.decode(OnceWritten.read("newer/full.compactions")));
    }

    @Test
    void shouldKeepFencesWithoutBytesAndMarks() {
        OnceWritten.requireSame("newer/fence.sst", WalEncoder.fence(FenceForm.NO_BYTES));
        assertEquals(
                new WalDecoder.Fence(FenceForm.NO_BYTES),
                WalDecoder.decode(OnceWritten.read("newer/fence.sst")));

        OnceWritten.requireSame("newer/manifest.boundary", BoundaryMark.encode(4711));
        assertEquals(4711, BoundaryMark.decode(OnceWritten.read("newer/manifest.boundary")));
    }
}
