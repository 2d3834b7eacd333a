package dev.holdfast.format.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.BlockV1Encoder;
import dev.holdfast.format.Row;
import dev.holdfast.format.RowListCursor;
import dev.holdfast.format.Rows;
import dev.holdfast.format.block.v1.BlockV1;
import dev.holdfast.format.block.v2.BlockEncoder;
import dev.holdfast.format.block.v2.BlockV2;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Cursors over blocks of both versions, compared with a list.
class BlockPropertyTest {
    static LongStream seeds() {
        return Rows.seeds(60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldWalkLikeAListWhateverTheVersion(long seed) {
        var random = new SplittableRandom(seed);
        for (int keys : new int[] {1, 5, 100, 100_000}) {
            List<Row> rows = Rows.random(random, 1 + random.nextInt(120), keys);
            assertWalks(BlockV2.decode(encodeV2(rows)), rows, random);
            assertWalks(BlockV1.decode(BlockV1Encoder.encode(v1(rows))), v1Read(rows), random);
        }
    }

    private static void assertWalks(Block block, List<Row> rows, SplittableRandom random) {
        block.verify();
        assertEquals(rows, Row.drain(block.cursor(Direction.ASCENDING)));
        assertEquals(rows.reversed(), Row.drain(block.cursor(Direction.DESCENDING)));
        assertFinds(block, rows, random);
        RowCursor up = block.cursor(Direction.ASCENDING);
        RowCursor down = block.cursor(Direction.DESCENDING);
        for (int i = 0; i < 40; i++) {
            Bytes key = target(rows, random);
            up.seek(key.array(), key.offset(), key.length());
            assertSees(rows.stream().filter(row -> 0 <= row.key().compareTo(key)), up, random);
            down.seek(key.array(), key.offset(), key.length());
            assertSees(
                    rows.reversed().stream().filter(row -> row.key().compareTo(key) <= 0),
                    down,
                    random);
        }
    }

    private static void assertFinds(Block block, List<Row> rows, SplittableRandom random) {
        var found = new FoundRow();
        for (int i = 0; i < 40; i++) {
            Bytes key = target(rows, random);
            long seqMax = random.nextInt(150);
            Row newest =
                    rows.stream()
                            .filter(row -> row.key().equals(key) && row.seq() <= seqMax)
                            .findFirst()
                            .orElse(null);
            assertEquals(newest != null, block.find(key, seqMax, found));
            if (newest == null) continue;
            assertEquals(newest.seq(), found.seq());
            assertEquals(newest.flags(), found.flags());
            assertEquals(
                    newest.value(),
                    Bytes.wrap(found.valueArray(), found.valueOffset(), found.valueLength()));
            boolean hasExpiry = (newest.flags() & RowFlags.HAS_EXPIRY) != 0;
            assertEquals(hasExpiry && newest.expireAt() <= 5, found.isExpiredAt(5));
        }
    }

    // Mostly a few rows, at times all that are left.
    private static void assertSees(
            Stream<Row> expected, RowCursor cursor, SplittableRandom random) {
        int count = random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(40);
        var seen = new ArrayList<Row>();
        while (seen.size() < count && cursor.next()) seen.add(Row.at(cursor));
        assertEquals(expected.limit(count).toList(), seen);
    }

    private static Bytes target(List<Row> rows, SplittableRandom random) {
        if (random.nextInt(3) == 0) return Rows.randomKey(random, 1000);
        byte[] key = rows.get(random.nextInt(rows.size())).key().toArray();
        switch (random.nextInt(4)) {
            case 0 -> key[key.length - 1]++;
            case 1 -> key[key.length - 1]--;
            case 2 -> key = Arrays.copyOf(key, key.length + 1);
            default -> {} // the key itself
        }
        return Bytes.wrap(key);
    }

    // A block of version 1 stores 16-bit offsets, and its tombstones have no expiry.
    private static List<Row> v1(List<Row> rows) {
        return rows.stream().filter(row -> row.value().length() < 500).toList().isEmpty()
                ? List.of(Row.put("k", "v", 1))
                : rows.stream().filter(row -> row.value().length() < 500).toList();
    }

    private static List<Row> v1Read(List<Row> rows) {
        return v1(rows).stream().map(BlockPropertyTest::withoutExpiryIfTombstone).toList();
    }

    private static Row withoutExpiryIfTombstone(Row row) {
        if ((row.flags() & RowFlags.TOMBSTONE) == 0) return row;
        int flags = row.flags() & ~RowFlags.HAS_EXPIRY;
        return new Row(row.key(), row.value(), row.seq(), flags, 0, row.createdAt());
    }

    private static Bytes encodeV2(List<Row> rows) {
        var encoder = new BlockEncoder(1 << 16);
        var cursor = new RowListCursor(rows);
        int taken = 0;
        while (cursor.next() && encoder.add(cursor)) taken++;
        if (taken < rows.size()) rows.subList(taken, rows.size()).clear();
        int expected = encoder.sizeBytes();
        int length = encoder.finish();
        assertEquals(expected, length);
        assertTrue(length <= 1 << 16 || rows.size() == 1);
        return Bytes.copyOf(encoder.array(), 0, length);
    }

    @Test
    void shouldTakeOneRowLargerThanTheBlock() {
        // given
        var encoder = new BlockEncoder(64);
        var rows = new RowListCursor(List.of(Row.put("a", "x".repeat(100_000), 1)));
        rows.next();
        // when
        assertTrue(encoder.add(rows));
        int length = encoder.finish();
        Bytes block = Bytes.copyOf(encoder.array(), 0, length);
        // then
        var cursor = BlockV2.decode(block).cursor(Direction.ASCENDING);
        assertTrue(cursor.next());
        assertEquals(100_000, cursor.valueLength());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldNeverLeaveTheBlockWhenItsBytesAreWrong(long seed) {
        var random = new SplittableRandom(seed);
        List<Row> rows = Rows.random(random, 40, 100);
        for (Bytes sound : List.of(encodeV2(rows), BlockV1Encoder.encode(v1(rows)))) {
            for (int i = 0; i < 300; i++) {
                byte[] bytes = sound.toArray();
                for (int flips = 1 + random.nextInt(3); 0 < flips; flips--)
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
                int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length;
                walkAll(Bytes.wrap(bytes, 0, length), random);
            }
        }
    }

    // Anything but a FormatException fails the test.
    private static void walkAll(Bytes bytes, SplittableRandom random) {
        for (Direction direction : Direction.values()) {
            tolerate(() -> BlockV2.decode(bytes).verify());
            tolerate(() -> Row.drain(BlockV2.decode(bytes).cursor(direction)));
            tolerate(() -> Row.drain(BlockV1.decode(bytes).cursor(direction)));
            Bytes key = Rows.randomKey(random, 100);
            tolerate(() -> seek(BlockV2.decode(bytes).cursor(direction), key));
            tolerate(() -> BlockV2.decode(bytes).find(key, Long.MAX_VALUE, new FoundRow()));
            tolerate(() -> seek(BlockV1.decode(bytes).cursor(direction), key));
        }
    }

    private static void seek(RowCursor cursor, Bytes key) {
        cursor.seek(key.array(), key.offset(), key.length());
        while (cursor.next()) Row.at(cursor);
    }

    private static void tolerate(Runnable read) {
        try {
            read.run();
        } catch (FormatException expected) {
            assertTrue(!expected.getMessage().isEmpty());
        }
    }

    @Test
    void shouldTellTheVersionsApart() {
        List<Row> rows = List.of(Row.put("apple", "red", 1));

        assertThrows(
                FormatException.class,
                () -> BlockV1.decode(encodeV2(rows)).cursor(Direction.ASCENDING));
        assertThrows(
                FormatException.class,
                () ->
                        Row.drain(
                                BlockV2.decode(BlockV1Encoder.encode(rows))
                                        .cursor(Direction.ASCENDING)));
    }
}
