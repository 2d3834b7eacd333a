package dev.holdfast.format.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.format.Row;
import dev.holdfast.format.Rows;
import dev.holdfast.format.SstFile;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.sst.SstSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The papers of workers as they were once written: a compactor and a worker of two releases read
/// each other's.
class PaperGoldenTest {
    private static final Ulid PUT_ID = Ulid.parse("01KB0000000000000000000001");
    private static final Ulid JOB = Ulid.parse("01KB0000000000000000000002");
    private static final Ulid CLAIMANT = Ulid.parse("01KB0000000000000000000003");
    private static final Ulid TABLE = Ulid.parse("01KB0000000000000000000004");
    private static final PartKey KEY = new PartKey(JOB, 5, 1, 2, 3);
    private static final SstSettings FORM = new SstSettings(4096, Codec.ZSTD, 10, 1000);

    private static List<FinishedTable> finished() {
        var rows = List.of(Row.put("m", "1", 7), Row.put("n", "2", 6));
        Bytes table = Rows.encode(rows, new SstSettings(4096, Codec.NONE, 10, 1000));
        var handle = new SstHandle(TABLE, SstFile.of(table).properties(), 2);
        return List.of(new FinishedTable(handle, 2, 0x1122334455667788L));
    }

    private static PartOrder order() {
        return new PartOrder(
                KEY,
                Bytes.utf8("m"),
                Bytes.utf8("t"),
                new PartOrder.Sources(List.of(TABLE, CLAIMANT), List.of(4L, 2L), 2),
                new PartOrder.Keeping(990, 1_763_700_000_000L, PartOrder.Keeping.Beneath.NOTHING),
                new PartOrder.Making(FORM, 256L << 20, Duration.ofSeconds(5)),
                finished());
    }

    private static PartClaim claim() {
        return new PartClaim(KEY, CLAIMANT, "worker-ä", 4, 5, finished());
    }

    private static PartResult result() {
        return new PartResult(
                KEY,
                null,
                Bytes.utf8("t"),
                CLAIMANT,
                "worker-ä",
                PartResult.Ending.GIVEN_BACK,
                77,
                finished(),
                "stopped");
    }

    @Test
    void shouldKeepOrders() {
        OnceWritten.requireSame("work/order", PaperCodec.encode(order(), PUT_ID));
        assertEquals(order(), PaperCodec.order(OnceWritten.read("work/order"), KEY));
    }

    @Test
    void shouldKeepClaims() {
        OnceWritten.requireSame("work/claim", PaperCodec.encode(claim(), PUT_ID));
        assertEquals(claim(), PaperCodec.claim(OnceWritten.read("work/claim"), KEY));
    }

    @Test
    void shouldKeepResults() {
        OnceWritten.requireSame("work/result", PaperCodec.encode(result(), PUT_ID));
        assertEquals(result(), PaperCodec.result(OnceWritten.read("work/result"), KEY));
    }
}
