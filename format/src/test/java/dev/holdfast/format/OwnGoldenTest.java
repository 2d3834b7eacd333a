package dev.holdfast.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compactions;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Bound;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wal.WalEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What Holdfast once wrote, today's reader reads, and today's writer still writes.
///
/// `-Dformat.golden=FOLDER` writes the files anew, which is done once for each version.
class OwnGoldenTest {
    private static final long NUMBER = 0x0102_0304_0506L;
    private static final Ulid PUT_ID = Ulid.parse("01KB0000000000000000000001");
    private static final Ulid L0 = Ulid.parse("01KB0000000000000000000002");
    private static final Ulid RUN = Ulid.parse("01KB0000000000000000000003");
    private static final UUID CHECKPOINT = UUID.fromString("6f0f2c0e-9f5e-4f0a-8a53-1d2d3c4b5a69");

    private static List<Row> rows() {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < 400; i++) {
            String key = "key%05d".formatted(i / 2 * 2);
            rows.add(
                    switch (i % 8) {
                        case 2 -> flagged(key, "", 1000 - i, RowFlags.TOMBSTONE);
                        case 4 -> flagged(key, "+" + i, 1000 - i, RowFlags.MERGE);
                        case 6 -> flagged(key, "value-" + i, 1000 - i, RowFlags.HAS_EXPIRY);
                        default -> Row.put(key, "value-" + i + "-" + "x".repeat(40), 1000 - i);
                    });
        }
        return rows;
    }

    private static Row flagged(String key, String value, long seq, int flag) {
        int flags = flag | RowFlags.HAS_CREATION;
        return new Row(
                Bytes.utf8(key),
                Bytes.utf8(value),
                seq,
                flags,
                flag == RowFlags.HAS_EXPIRY ? 1_800_000_000_000L : 0,
                1_763_700_000_000L + seq);
    }

    private static List<Row> log() {
        return rows().reversed();
    }

    private static Bytes table(Codec codec) {
        return Rows.encode(rows(), new SstSettings(1024, codec, 10, 100));
    }

    private static Bytes logObject(Codec codec) {
        return Rows.encodeWal(log(), 1024, codec);
    }

    private static Manifest manifest(Manifest from) {
        SstHandle l0 = new SstHandle(L0, SstFile.of(table(Codec.NONE)).properties(), 2);
        SstHandle run = new SstHandle(RUN, SstFile.of(table(Codec.ZSTD)).properties(), 2);
        var visible =
                new KeyBounds(new Bound(Bound.Kind.INCLUDED, Bytes.utf8("key00010")), Bound.OPEN);
        return from.but()
                .writerEpoch(3)
                .compactorEpoch(2)
                .replayAfterWalId(7)
                .walIdLastSeen(9)
                .lastCompactedL0(RUN)
                .l0(List.of(SstView.of(l0)))
                .sortedRuns(List.of(new SortedRun(4, List.of(new SstView(RUN, run, visible)))))
                .lastL0ClockTick(1_763_700_001_000L)
                .lastL0Seq(1000)
                .checkpoints(
                        List.of(new Checkpoint(CHECKPOINT, 5, 1_900_000_000L, 1_763_700_000L, "b")))
                .externalDbs(
                        List.of(new ExternalDb("parent", CHECKPOINT, CHECKPOINT, List.of(RUN))))
                .walObjectStoreUri("file:///wal")
                .recentSnapshotMinSeq(990)
                .sequenceTracker(
                        from.sequenceTracker().add(1, 1_763_700_000L).add(900, 1_763_700_090L))
                .build();
    }

    private static Compactions compactions() {
        SstHandle output = new SstHandle(RUN, SstFile.of(table(Codec.ZSTD)).properties(), 2);
        var spec = new Compaction.Tiered(List.of(L0), List.of(3L, 1L), null, null);
        return new Compactions(
                2,
                List.of(
                        new Compaction(
                                PUT_ID,
                                spec,
                                Compaction.Status.RUNNING,
                                List.of(output),
                                null,
                                null)));
    }

    private static Map<String, Bytes> files() {
        var files = new TreeMap<String, Bytes>();
        for (Codec codec : Codec.values()) {
            files.put("table-" + codec + ".sst", table(codec));
            files.put("log-" + codec + ".sst", logObject(codec));
        }
        files.put("fence.sst", WalEncoder.fence());
        files.put("first.manifest", ManifestCodec.encode(Manifest.initial(), 0, PUT_ID));
        files.put("full.manifest", ManifestCodec.encode(manifest(Manifest.initial()), 0, PUT_ID));
        files.put(
                "first.compactions",
                CompactionsCodec.encode(
                        Compactions.initial(), CompactionsCodec.VERSION_OLDER, 0, PUT_ID));
        files.put(
                "full.compactions",
                CompactionsCodec.encode(compactions(), CompactionsCodec.VERSION_OLDER, 0, PUT_ID));
        files.put("numbered.manifest", ManifestCodec.encode(Manifest.initial(), NUMBER, PUT_ID));
        files.put(
                "numbered.compactions",
                CompactionsCodec.encode(
                        Compactions.initial(), CompactionsCodec.VERSION_OLDER, NUMBER, PUT_ID));
        return files;
    }

    private static Bytes stored(String name) {
        return Golden.read(Golden.folder(Golden.HOLDFAST).resolve(name));
    }

    @Test
    void shouldWriteTheFilesAnewWhenToldWhere() throws IOException {
        String folder = System.getProperty("format.golden");
        if (folder == null) return;
        for (var file : files().entrySet())
            Files.write(Path.of(folder, file.getKey()), file.getValue().toArray());
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadATableOfOldWhateverTheCodec(Codec codec) {
        Bytes file = stored("table-" + codec + ".sst");

        assertEquals(rows().size(), SstVerifier.verify(file).rows());
        assertEquals(rows(), SstFile.of(file).rows());
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadALogObjectOfOldWhateverTheCodec(Codec codec) {
        var content =
                assertInstanceOf(
                        WalDecoder.Rows.class, WalDecoder.decode(stored("log-" + codec + ".sst")));

        assertEquals(log(), Row.drain(content.rows()));
    }

    @Test
    void shouldReadManifestsOfOld() {
        assertEquals(
                new ManifestCodec.Decoded(Manifest.initial(), 1, PUT_ID, 0),
                ManifestCodec.decode(stored("first.manifest")));
        assertEquals(
                new ManifestCodec.Decoded(manifest(Manifest.initial()), 1, PUT_ID, 0),
                ManifestCodec.decode(stored("full.manifest")));
    }

    @Test
    void shouldReadCompactionsOfOld() {
        assertEquals(
                new CompactionsCodec.Decoded(Compactions.initial(), 1, PUT_ID, 0),
                CompactionsCodec.decode(stored("first.compactions")));
        assertEquals(
                new CompactionsCodec.Decoded(compactions(), 1, PUT_ID, 0),
                CompactionsCodec.decode(stored("full.compactions")));
    }

    @Test
    void shouldTellTheNumberOfAFileThatHasOne() {
        assertEquals(
                new ManifestCodec.Decoded(Manifest.initial(), 1, PUT_ID, NUMBER),
                ManifestCodec.decode(stored("numbered.manifest")));
        assertEquals(
                new CompactionsCodec.Decoded(Compactions.initial(), 1, PUT_ID, NUMBER),
                CompactionsCodec.decode(stored("numbered.compactions")));
    }

    /// Compressors may change from release to release; what is not compressed may not.
    @Test
    void shouldStillWriteTheSameBytesWhereNothingIsCompressed() {
        for (var file : files().entrySet())
            if (!file.getKey().contains("-") || file.getKey().contains("NONE"))
                assertEquals(stored(file.getKey()), file.getValue(), file.getKey());
    }
}
