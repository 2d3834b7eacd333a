package dev.holdfast.engine.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.base.golden.StillEnv;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.sst.SstEncoder;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wal.WalEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Sealed tables and log objects as they were once written: today's reader opens them with their
/// key, and today's writer seals alike where chance is alike.
class SealedGoldenTest {
    private static final Ulid TABLE = Ulid.parse("01KB0000000000000000000001");
    private static final int ROWS = 60;

    private static KeyRing ring(int fill) {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return KeyRing.of(3, key);
    }

    private static Sealing sealing(int fill) {
        return new Sealing(ring(fill), new StillEnv());
    }

    private static List<TestRow> rows() {
        var rows = new ArrayList<TestRow>();
        for (int i = 0; i < ROWS; i++) {
            String key = "key%03d".formatted(i);
            long seq = i + 1;
            rows.add(
                    switch (i % 4) {
                        case 1 -> TestRow.delete(key, seq);
                        case 2 -> TestRow.merge(key, seq, "+" + i);
                        case 3 -> TestRow.put(key, seq, "short of life", 1_800_000_000_000L);
                        default -> TestRow.put(key, seq, "a value of no interest " + i);
                    });
        }
        return rows;
    }

    private static Bytes table() {
        var form = new SstSettings(256, Codec.NONE, 10, 10);
        try (var encoder = new SstEncoder(form, sealing(7).table(TABLE))) {
            RowCursor rows = new RowList(rows(), Order.ASCENDING);
            while (rows.next()) encoder.add(rows);
            return encoder.finish().joined();
        }
    }

    private static Bytes log() {
        try (var encoder = new WalEncoder(256, Codec.NONE, sealing(7).log())) {
            RowCursor rows = new RowList(rows(), Order.ASCENDING);
            while (rows.next()) encoder.append(rows);
            return encoder.finish().joined();
        }
    }

    @Test
    void shouldKeepSealedTables() {
        OnceWritten.requireSame("sealed/table.sst", table());
        Bytes stored = OnceWritten.read("sealed/table.sst");

        assertEquals(ROWS, SstVerifier.verify(stored, sealing(7).table(TABLE)).rows());
        assertThrows(
                Invalid.class, () -> SstVerifier.verify(stored, sealing(8).table(TABLE)).rows());
    }

    @Test
    void shouldKeepSealedLogObjects() {
        OnceWritten.requireSame("sealed/log.sst", log());
        Bytes stored = OnceWritten.read("sealed/log.sst");

        var content =
                assertInstanceOf(
                        WalDecoder.Rows.class, WalDecoder.decode(stored, sealing(7).log()));
        assertEquals(rows(), TestRow.drain(content.rows()));
    }
}
