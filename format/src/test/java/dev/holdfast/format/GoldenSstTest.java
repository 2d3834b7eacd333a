package dev.holdfast.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wal.WalEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What SlateDB itself wrote is read, and written again byte for byte.
class GoldenSstTest {
    static Stream<Path> compacted() {
        return Golden.files(Golden.SLATEDB, ".sst").stream().filter(Golden::isCompacted);
    }

    static Stream<Path> wal() {
        return Golden.files(Golden.SLATEDB, ".sst").stream().filter(Golden::isWal);
    }

    static Stream<Path> codecs() {
        return Stream.of("null", "Snappy", "Zlib", "Lz4", "Zstd")
                .map(name -> Golden.folder(Golden.SLATEDB + "/codec-" + name));
    }

    @ParameterizedTest
    @MethodSource("compacted")
    void shouldFindEveryTableSound(Path path) {
        Bytes file = Golden.read(path);

        var report = SstVerifier.verify(file);

        assertEquals(2, report.version());
        assertTrue(0 < report.rows());
    }

    @ParameterizedTest
    @MethodSource("compacted")
    void shouldWriteTheSameBytesWhenATableIsWrittenAgain(Path path) {
        // given
        SstFile golden = SstFile.of(Golden.read(path));
        var settings = new SstSettings(4096, golden.properties().codec(), 10, 1000);
        // when
        SstFile again = SstFile.of(Rows.encode(golden.rows(), settings));
        // then: what is compressed may differ, for compressors differ
        if (settings.codec() == Codec.NONE) assertEquals(golden.bytes(), again.bytes());
        assertEquals(golden.rows(), again.rows());
        assertEquals(golden.index().blockCount(), again.index().blockCount());
        for (int i = 0; i < golden.index().blockCount(); i++)
            assertEquals(golden.index().separator(i), again.index().separator(i));
        assertEquals(golden.stats(), again.stats());
        assertEquals(golden.properties().firstEntry(), again.properties().firstEntry());
        assertEquals(golden.properties().lastEntry(), again.properties().lastEntry());
    }

    @ParameterizedTest
    @MethodSource("wal")
    void shouldReadEveryLogObject(Path path) {
        switch (WalDecoder.decode(Golden.read(path))) {
            case WalDecoder.Rows rows -> {
                List<Row> all = Row.drain(rows.rows());
                assertEquals(rows.firstSeq(), all.getFirst().seq());
            }
            case WalDecoder.Fence fence ->
                    assertEquals(WalDecoder.FenceForm.EMPTY_SST, fence.form());
        }
    }

    @ParameterizedTest
    @MethodSource("wal")
    void shouldWriteTheSameBytesWhenALogObjectIsWrittenAgain(Path path) {
        // given
        Bytes file = Golden.read(path);
        if (SstFile.of(file).properties().codec() != Codec.NONE) return;
        // when
        Bytes again =
                switch (WalDecoder.decode(file)) {
                    case WalDecoder.Fence _ -> WalEncoder.fence();
                    case WalDecoder.Rows rows ->
                            Rows.encodeWal(Row.drain(rows.rows()), 4096, Codec.NONE);
                };
        // then
        assertEquals(file, again);
    }

    @Test
    void shouldReadTheRowsOfTheBasicDatabase() {
        Path path = Golden.files(Golden.SLATEDB + "/basic/compacted", ".sst").getFirst();

        List<Row> rows = SstFile.of(Golden.read(path)).rows();

        assertEquals(
                List.of(
                        "apple= seq=3 flags=5 expiry=0 made=1795224881480",
                        "banana=yellow seq=2 flags=6 expiry=1795228481429 made=1795224881429",
                        "m=op1op2 seq=5 flags=12 expiry=0 made=1795224881583"),
                rows.stream().map(GoldenSstTest::line).toList());
    }

    @Test
    void shouldReadTheLogOfTheBasicDatabase() {
        var rows = new ArrayList<String>();

        for (Path path : Golden.files(Golden.SLATEDB + "/basic/wal", ".sst"))
            if (WalDecoder.decode(Golden.read(path)) instanceof WalDecoder.Rows log)
                for (Row row : Row.drain(log.rows()))
                    rows.add(row.seq() + " " + row.key() + "=" + row.value() + " " + row.flags());

        assertEquals(
                List.of(
                        "1 apple=red 4",
                        "2 banana=yellow 6",
                        "3 apple= 5",
                        "4 m=op1 12",
                        "5 m=op2 12",
                        "6 after=flush 4",
                        "7 zzz=2nd epoch 4"),
                rows);
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void shouldReadAllRowsWhateverTheCodec(Path folder) {
        // given
        var expected = new ArrayList<String>();
        for (int k = 0; k < 3000; k++)
            expected.add("key%013d=value-%d-%s".formatted(k, k / 5, "x".repeat(40)));
        // when
        List<Path> tables = Golden.files(Golden.SLATEDB + "/" + folder.getFileName(), ".sst");
        var found = new TreeSet<Row>(Row.TABLE_ORDER);
        var logged = new TreeSet<Row>(Row.TABLE_ORDER);
        for (Path path : tables) {
            if (Golden.isCompacted(path)) found.addAll(SstFile.of(Golden.read(path)).rows());
            else if (WalDecoder.decode(Golden.read(path)) instanceof WalDecoder.Rows log)
                logged.addAll(Row.drain(log.rows()));
        }
        // then
        assertEquals(expected, found.stream().map(row -> row.key() + "=" + text(row)).toList());
        assertEquals(expected, logged.stream().map(row -> row.key() + "=" + text(row)).toList());
    }

    private static String text(Row row) {
        return row.value().toUtf8();
    }

    private static String line(Row row) {
        return "%s=%s seq=%d flags=%d expiry=%d made=%d"
                .formatted(
                        row.key(),
                        row.value(),
                        row.seq(),
                        row.flags(),
                        row.expireAt(),
                        row.createdAt());
    }
}
