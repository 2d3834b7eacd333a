package dev.holdfast.format.sst;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.Row;
import dev.holdfast.format.RowListCursor;
import dev.holdfast.format.Rows;
import dev.holdfast.format.SstFile;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tables of random rows, written and read back.
class SstPropertyTest {
    static LongStream seeds() {
        return Rows.seeds(40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldReadBackWhatWasWritten(long seed) {
        var random = new SplittableRandom(seed);
        for (Codec codec : Codec.values()) {
            // given
            List<Row> rows = Rows.random(random, 1 + random.nextInt(400), 1 + random.nextInt(500));
            var settings = randomSettings(random, codec);
            // when
            SstFile file = SstFile.of(Rows.encode(rows, settings));
            var report = SstVerifier.verify(file.bytes(), file.properties(), 2);
            // then
            assertEquals(rows, file.rows());
            assertEquals(rows.size(), report.rows());
            boolean isFiltered =
                    0 < settings.filterBitsPerKey() && settings.filterRowsMin() <= rows.size();
            assertEquals(isFiltered, !file.properties().filter().isAbsent());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldHoldTheRowsOfBothWhenAnEncoderIsAppendedToAnother(long seed) {
        var random = new SplittableRandom(seed);
        for (Codec codec : Codec.values()) {
            // given: versions of one key may lie on both sides
            List<Row> rows = Rows.random(random, 2 + random.nextInt(400), 1 + random.nextInt(500));
            var settings = randomSettings(random, codec);
            int middle = 1 + random.nextInt(rows.size() - 1);
            // when
            SstFile file = SstFile.of(encodeInTwo(rows, middle, settings));
            var report = SstVerifier.verify(file.bytes(), file.properties(), 2);
            // then
            assertEquals(rows, file.rows());
            assertEquals(rows.size(), report.rows());
            SstFile inOne = SstFile.of(Rows.encode(rows, settings));
            assertEquals(totals(inOne.stats()), totals(file.stats()));
            assertEquals(inOne.properties().firstEntry(), file.properties().firstEntry());
            assertEquals(inOne.properties().lastEntry(), file.properties().lastEntry());
            if (!file.properties().filter().isAbsent())
                assertEquals(
                        inOne.section(inOne.properties().filter()),
                        file.section(file.properties().filter()));
        }
    }

    private static Bytes encodeInTwo(List<Row> rows, int middle, SstSettings settings) {
        try (var first = new SstEncoder(settings);
                var second = new SstEncoder(settings)) {
            var low = new RowListCursor(rows.subList(0, middle));
            while (low.next()) first.add(low);
            var high = new RowListCursor(rows.subList(middle, rows.size()));
            while (high.next()) second.add(high);
            assertTrue(first.isJoinable());
            first.append(second);
            return first.finish().joined();
        }
    }

    private static List<Long> totals(SstStats stats) {
        return List.of(
                stats.puts(),
                stats.deletes(),
                stats.merges(),
                stats.keyBytes(),
                stats.valueBytes());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldFindTheFirstAndTheLastRowOfEveryKeyThroughTheIndex(long seed) {
        // given: few keys in small blocks, so that versions of one key cross over
        var random = new SplittableRandom(seed);
        List<Row> rows = Rows.random(random, 300, 1 + random.nextInt(60));
        SstFile file = SstFile.of(Rows.encode(rows, new SstSettings(128, Codec.NONE, 0, 0)));
        for (int i = 0; i < 200; i++) {
            Bytes key =
                    random.nextBoolean()
                            ? Rows.randomKey(random, 100)
                            : rows.get(random.nextInt(rows.size())).key();
            // when
            Row up = firstUpwards(file, key);
            Row down = firstDownwards(file, key);
            // then
            assertEquals(
                    rows.stream()
                            .filter(row -> 0 <= row.key().compareTo(key))
                            .findFirst()
                            .orElse(null),
                    up);
            assertEquals(
                    rows.reversed().stream()
                            .filter(row -> row.key().compareTo(key) <= 0)
                            .findFirst()
                            .orElse(null),
                    down);
        }
    }

    private static Row firstUpwards(SstFile file, Bytes key) {
        int from = file.index().firstBlockFor(key.array(), key.offset(), key.length());
        for (int i = from; i < file.index().blockCount(); i++) {
            var cursor = file.block(i).cursor(Direction.ASCENDING);
            cursor.seek(key.array(), key.offset(), key.length());
            if (cursor.next()) return Row.at(cursor);
        }
        return null;
    }

    private static Row firstDownwards(SstFile file, Bytes key) {
        int from = file.index().lastBlockFor(key.array(), key.offset(), key.length());
        for (int i = from; 0 <= i; i--) {
            var cursor = file.block(i).cursor(Direction.DESCENDING);
            cursor.seek(key.array(), key.offset(), key.length());
            if (cursor.next()) return Row.at(cursor);
        }
        return null;
    }

    private static SstSettings randomSettings(SplittableRandom random, Codec codec) {
        int[] sizes = {64, 100, 1024, 4096, 1 << 16};
        return new SstSettings(
                sizes[random.nextInt(sizes.length)],
                codec,
                random.nextInt(3) * 7,
                random.nextInt(300));
    }

    @Test
    void shouldForeseeItsSize() {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < 20_000; i++) rows.add(Row.put("key%08d".formatted(i), "v" + i, 1));
        try (var encoder = new SstEncoder(SstSettings.defaults())) {
            var cursor = new RowListCursor(rows);
            while (cursor.next()) encoder.add(cursor);

            long foreseen = encoder.sizeBytes();
            EncodedSst sst = encoder.finish();

            assertTrue(
                    Math.abs(foreseen - sst.size()) < sst.size() / 50, foreseen + " " + sst.size());
            assertEquals(sst.size(), sst.joined().length());
            assertTrue(1 < sst.chunks().size());
        }
    }

    @Test
    void shouldRefuseATableThatIsNotTheOneTheManifestNames() {
        SstFile one = SstFile.of(Rows.encode(List.of(Row.put("a", "1", 1)), settings(4096)));
        SstFile other = SstFile.of(Rows.encode(List.of(Row.put("b", "1", 1)), settings(4096)));

        SstVerifier.verify(one.bytes(), one.properties(), 2);

        assertThrows(
                FormatException.class,
                () -> SstVerifier.verify(one.bytes(), other.properties(), 2));
        assertThrows(
                FormatException.class, () -> SstVerifier.verify(one.bytes(), one.properties(), 1));
    }

    @Test
    void shouldRefuseRowsThatAreOutOfOrder() {
        List<Row> rows = List.of(Row.put("a", "1", 1), Row.put("a", "2", 2));

        Bytes file = Rows.encode(rows, settings(4096));

        assertThrows(FormatException.class, () -> SstVerifier.verify(file));
    }

    @Test
    void shouldRefuseSectionsThatExceedTheFile() {
        SstFile file = SstFile.of(Rows.encode(List.of(Row.put("a", "1", 1)), settings(4096)));

        assertThrows(
                FormatException.class,
                () -> file.properties().requireFits(file.properties().propertiesOffset()));
    }

    private static SstSettings settings(int blockSize) {
        return new SstSettings(blockSize, Codec.NONE, 10, 0);
    }
}
