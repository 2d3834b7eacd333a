package dev.holdfast.format.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.Rows;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.manifest.Manifests;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Trailer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PaperCodecTest {
    private static final Ulid PUT_ID = new Ulid(3, 4);

    static LongStream seeds() {
        return Rows.seeds(50);
    }

    /// Papers that hold something in every field.
    private static final class Papers {
        private final SplittableRandom random;
        private final Manifests parts;

        Papers(long seed) {
            random = new SplittableRandom(seed);
            parts = new Manifests(random);
        }

        PartKey key() {
            return new PartKey(
                    parts.ulid(),
                    random.nextLong() >>> 1,
                    random.nextInt(100),
                    random.nextInt(100),
                    1 + random.nextInt(9));
        }

        List<FinishedTable> finished() {
            return parts.list(() ->
                    new FinishedTable(parts.sst(), random.nextInt(1 << 20), random.nextLong()));
        }

        PartOrder order() {
            return new PartOrder(
                    key(),
                    random.nextBoolean() ? null : Bytes.utf8("a"),
                    random.nextBoolean() ? null : Bytes.utf8("b" + random.nextInt(99)),
                    new PartOrder.Sources(
                            List.of(parts.ulid(), parts.ulid()),
                            parts.list(() -> random.nextLong(1L << 32)),
                            random.nextLong(1L << 32)),
                    new PartOrder.Keeping(
                            random.nextLong() >>> 1,
                            random.nextLong(),
                            PartOrder.Keeping.Beneath.values()[random.nextInt(2)]),
                    new PartOrder.Making(
                            new SstSettings(64 + random.nextInt(1 << 15), Codec.ZSTD, 10, 1000),
                            1 + random.nextInt(1 << 30),
                            Duration.ofMillis(1 + random.nextInt(60_000))),
                    finished());
        }

        PartClaim claim() {
            return new PartClaim(
                    key(),
                    parts.ulid(),
                    "worker-ä",
                    random.nextInt(9),
                    random.nextInt(9),
                    finished());
        }

        PartResult result() {
            return new PartResult(
                    key(),
                    null,
                    Bytes.utf8("z"),
                    parts.ulid(),
                    "worker",
                    PartResult.Ending.values()[random.nextInt(3)],
                    random.nextInt(9),
                    finished(),
                    "because");
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEverything(long seed) {
        var papers = new Papers(seed);
        PartOrder order = papers.order();
        PartClaim claim = papers.claim();
        PartResult result = papers.result();

        assertEquals(order, PaperCodec.order(PaperCodec.encode(order, PUT_ID), order.key()));
        assertEquals(claim, PaperCodec.claim(PaperCodec.encode(claim, PUT_ID), claim.key()));
        assertEquals(result, PaperCodec.result(PaperCodec.encode(result, PUT_ID), result.key()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldNoticeEveryFlippedByteAndEveryCut(long seed) {
        PartOrder order = new Papers(seed).order();
        byte[] paper = PaperCodec.encode(order, PUT_ID).toArray();
        int mask = 1 << new SplittableRandom(seed).nextInt(8);
        for (int at = 0; at < paper.length; at++) {
            byte[] flipped = paper.clone();
            flipped[at] ^= (byte) mask;
            String where = "seed=" + seed + " at=" + at;
            assertThrows(
                    FormatException.class,
                    () -> PaperCodec.order(Bytes.wrap(flipped), order.key()),
                    where);
            Bytes cut = Bytes.wrap(paper, 0, at);
            assertThrows(FormatException.class, () -> PaperCodec.order(cut, order.key()), where);
        }
    }

    @Test
    void shouldNotTakeAPaperForAnother() {
        var papers = new Papers(7);
        PartClaim claim = papers.claim();
        Bytes paper = PaperCodec.encode(claim, PUT_ID);

        assertThrows(FormatException.class, () -> PaperCodec.result(paper, claim.key()));
        assertThrows(FormatException.class, () -> PaperCodec.claim(paper, claim.key().next()));
    }

    @Test
    void shouldReadNothingWithoutAChecksum() {
        var out = new FlatBuilder(64);
        Bytes flatBuffer = out.finish(out.i8(0, 1).table());
        byte[] paper = new byte[Trailer.VERSION_BYTES + flatBuffer.length()];
        paper[1] = 1;
        flatBuffer.copyTo(paper, Trailer.VERSION_BYTES);
        PartKey key = new Papers(1).key();

        assertThrows(FormatException.class, () -> PaperCodec.order(Bytes.wrap(paper), key));
    }
}
