package dev.holdfast.format;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.sst.SstEncoder;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.wal.WalEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;

/// Lists of rows to test with, and files of them.
public final class Rows {
    private static final int[] KINDS = {0, 0, 0, RowFlags.TOMBSTONE, RowFlags.MERGE};

    private Rows() {}

    /// Fresh seeds, or the one that `-Dformat.seed` names; a failing case shows its seed.
    public static LongStream seeds(int count) {
        Long given = Long.getLong("format.seed");
        if (given != null) return LongStream.of(given);
        return new SplittableRandom().longs(count);
    }

    /// Rows in table order: few distinct keys where `keys` is small, so that many have versions.
    public static List<Row> random(SplittableRandom random, int count, int keys) {
        var rows = new TreeSet<Row>(Row.TABLE_ORDER);
        for (int i = 0; i < count; i++) rows.add(randomRow(random, i + 1, randomKey(random, keys)));
        return new ArrayList<>(rows);
    }

    /// Rows in the order of their writing; some share their seq.
    public static List<Row> randomLog(SplittableRandom random, int count) {
        var rows = new ArrayList<Row>();
        long seq = 1 + random.nextInt(1000);
        for (int i = 0; i < count; i++) {
            seq += random.nextInt(3);
            rows.add(randomRow(random, seq, randomKey(random, count)));
        }
        return rows;
    }

    public static Bytes randomKey(SplittableRandom random, int keys) {
        String number = Integer.toString(random.nextInt(keys));
        return switch (Integer.parseInt(number) % 4) {
            case 0 -> Bytes.utf8("key" + number);
            case 1 -> Bytes.utf8("k".repeat(1 + number.length() * 40) + number);
            case 2 -> Bytes.wrap(new byte[] {(byte) 0xff, (byte) Integer.parseInt(number)});
            default -> Bytes.utf8(number);
        };
    }

    private static Row randomRow(SplittableRandom random, long seq, Bytes key) {
        int flags =
                KINDS[random.nextInt(KINDS.length)]
                        | (random.nextInt(4) == 0 ? RowFlags.HAS_EXPIRY : 0)
                        | (random.nextInt(8) == 0 ? 0 : RowFlags.HAS_CREATION);
        byte[] value = new byte[(flags & RowFlags.TOMBSTONE) != 0 ? 0 : valueLength(random)];
        if (random.nextBoolean()) random.nextBytes(value);
        return new Row(
                key,
                Bytes.wrap(value),
                seq,
                flags,
                (flags & RowFlags.HAS_EXPIRY) == 0 ? 0 : random.nextLong(),
                (flags & RowFlags.HAS_CREATION) == 0 ? 0 : random.nextLong());
    }

    private static int valueLength(SplittableRandom random) {
        return random.nextInt(50) == 0 ? random.nextInt(20_000) : random.nextInt(60);
    }

    public static Bytes encode(List<Row> rows, SstSettings settings) {
        try (var encoder = new SstEncoder(settings)) {
            var cursor = new RowListCursor(rows);
            while (cursor.next()) encoder.add(cursor);
            return encoder.finish().joined();
        }
    }

    public static Bytes encodeWal(List<Row> rows, int blockSize, Codec codec) {
        try (var encoder = new WalEncoder(blockSize, codec)) {
            var cursor = new RowListCursor(rows);
            while (cursor.next()) encoder.append(cursor);
            return encoder.finish().joined();
        }
    }
}
