package dev.holdfast.format.compactions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.Rows;
import dev.holdfast.format.compactions.Compaction.Drain;
import dev.holdfast.format.compactions.Compaction.Part;
import dev.holdfast.format.compactions.Compaction.Progress;
import dev.holdfast.format.compactions.Compaction.Status;
import dev.holdfast.format.compactions.Compaction.Tiered;
import dev.holdfast.format.compactions.Compaction.Worker;
import dev.holdfast.format.manifest.Manifests;
import dev.holdfast.format.manifest.SstHandles;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Identifiers;
import dev.holdfast.format.wire.Trailer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public class CompactionsCodecTest {
    private static final Ulid PUT_ID = new Ulid(3, 4);

    static LongStream seeds() {
        return Rows.seeds(100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEverythingThatVersion1CanSay(long seed) {
        var random = new SplittableRandom(seed);
        Compactions compactions = version1(random);

        var decoded =
                CompactionsCodec.decode(
                        CompactionsCodec.encode(
                                compactions, CompactionsCodec.VERSION_OLDER, 0, PUT_ID));

        assertEquals(new CompactionsCodec.Decoded(compactions, 1, PUT_ID, 0), decoded);
    }

    public static Compactions version1(SplittableRandom random) {
        var parts = new Manifests(random);
        return new Compactions(
                random.nextLong() >>> 1,
                parts.list(() ->
                        new Compaction(
                                parts.ulid(),
                                new Tiered(
                                        parts.list(parts::ulid),
                                        parts.list(() -> random.nextLong(1L << 32)),
                                        null,
                                        null),
                                Status.of(random.nextInt(4)),
                                parts.list(parts::sst),
                                null,
                                null)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEverythingThatVersion2CanSay(long seed) {
        var random = new SplittableRandom(seed);
        Compactions compactions = version2(random);

        Bytes file =
                CompactionsCodec.encode(compactions, CompactionsCodec.VERSION_NEWER, 0, PUT_ID);

        assertEquals(
                new CompactionsCodec.Decoded(compactions, 2, PUT_ID, 0),
                CompactionsCodec.decode(file),
                "seed=" + seed);
    }

    /// Compactions that hold something in every field.
    public static Compactions version2(SplittableRandom random) {
        var parts = new Manifests(random);
        return new Compactions(
                random.nextLong() >>> 1,
                parts.list(() ->
                        new Compaction(
                                parts.ulid(),
                                newerSpec(random, parts),
                                Status.of(random.nextInt(6)),
                                parts.list(parts::sst),
                                random.nextBoolean() ? null : new Worker("ä-1", 99),
                                random.nextBoolean() ? null : progress(random, parts))));
    }

    private static Compaction.Spec newerSpec(SplittableRandom random, Manifests parts) {
        List<Long> runs = parts.list(() -> random.nextLong(1L << 32));
        return random.nextInt(3) == 0
                ? new Drain(Bytes.utf8("seg"), parts.list(parts::ulid), runs)
                : new Tiered(
                        parts.list(parts::ulid),
                        runs,
                        random.nextBoolean() ? null : Bytes.utf8("p"),
                        random.nextLong(1L << 32));
    }

    private static Progress progress(SplittableRandom random, Manifests parts) {
        return new Progress(
                parts.list(() ->
                        new Part(
                                random.nextBoolean() ? null : parts.bounds(),
                                parts.list(parts::sst))),
                random.nextLong() >>> 1);
    }

    @Test
    void shouldReadATieredCompactionOfVersion2() {
        // given
        var parts = new Manifests(new SplittableRandom(7));
        var expected =
                new Compaction(
                        parts.ulid(),
                        new Tiered(List.of(parts.ulid()), List.of(9L), Bytes.utf8("p"), 7L),
                        Status.SCHEDULED,
                        List.of(),
                        new Worker("worker-1", 99),
                        new Progress(List.of(new Part(parts.bounds(), List.of(parts.sst()))), 12));
        // when
        var decoded = CompactionsCodec.decode(version2(expected));
        // then
        assertEquals(2, decoded.version());
        assertEquals(new Compactions(5, List.of(expected)), decoded.compactions());
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        CompactionsCodec.encode(
                                decoded.compactions(), CompactionsCodec.VERSION_OLDER, 0, PUT_ID));
    }

    private static Bytes version2(Compaction compaction) {
        var out = new FlatBuilder(100);
        var spec = (Tiered) compaction.spec();
        Progress progress = compaction.progress();
        Part part = progress.parts().getFirst();
        int segment = out.bytes(spec.segment());
        int views = Identifiers.encode(out, spec.l0ViewIds());
        int runs = out.u32s(new int[] {9});
        int tiered =
                out.reference(1, runs)
                        .reference(2, views)
                        .reference(3, segment)
                        .u32(4, spec.destination().intValue())
                        .table();
        int workerId = out.string(compaction.worker().id());
        int worker =
                out.reference(0, workerId)
                        .u64(1, compaction.worker().lastHeartbeatMillis(), 0)
                        .table();
        int range = part.range().encode(out);
        int outputs = SstHandles.encode(part.outputs(), out);
        int subcompaction = out.reference(0, range).reference(1, outputs).table();
        int subcompactions = out.references(new int[] {subcompaction});
        int context =
                out.reference(0, subcompactions).u64(1, progress.retentionMinSeq(), 0).table();
        int id = Identifiers.encode(out, compaction.id());
        int table =
                out.reference(0, id)
                        .i8(1, 1)
                        .reference(2, tiered)
                        .i8(3, compaction.status().ordinal())
                        .reference(5, worker)
                        .i8(6, 1)
                        .reference(7, context)
                        .table();
        int recent = out.references(new int[] {table});
        return Trailer.seal(2, out, out.u64(0, 5, 0).reference(1, recent).table(), PUT_ID);
    }

    @Test
    void shouldReadADrainOfVersion2() {
        // given
        var out = new FlatBuilder(100);
        int segment = out.bytes(Bytes.utf8("seg"));
        int drain = out.reference(0, segment).table();
        int id = Identifiers.encode(out, PUT_ID);
        int table = out.reference(0, id).i8(1, 2).reference(2, drain).table();
        int recent = out.references(new int[] {table});
        Bytes file = Trailer.seal(2, out, out.reference(1, recent).table(), PUT_ID);
        // when
        Compactions compactions = CompactionsCodec.decode(file).compactions();
        // then
        var spec = new Drain(Bytes.utf8("seg"), List.of(), List.of());
        assertEquals(
                new Compactions(
                        0,
                        List.of(
                                new Compaction(
                                        PUT_ID, spec, Status.SUBMITTED, List.of(), null, null))),
                compactions);
    }

    @Test
    void shouldRefuseAnUnknownVersion() {
        var out = new FlatBuilder(100);
        int recent = out.references(new int[0]);
        Bytes file = Trailer.seal(3, out, out.reference(1, recent).table(), PUT_ID);

        assertThrows(FormatException.class, () -> CompactionsCodec.decode(file));
    }
}
