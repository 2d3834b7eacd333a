package dev.holdfast.format.damage;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.Row;
import dev.holdfast.format.Rows;
import dev.holdfast.format.SlateDbForm;
import dev.holdfast.format.SstFile;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.compactions.CompactionsCodecTest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.Manifests;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.Crc32;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Damage whose checksums were made right again, so that it reaches what lies behind them. It may
/// be met or not; what is never seen is another exception, or much memory.
@Tag("SEC-15")
class ForgedFilesTest {
    private static final int ROUNDS = 1500;

    private final long seed = Rows.seeds(1).findFirst().orElseThrow();
    private final SplittableRandom random = new SplittableRandom(seed);

    /// `[start, end)` of a section, its checksum at the end.
    private record Span(int start, int end) {}

    @ParameterizedTest
    @EnumSource
    void shouldStayInsideATableWhoseChecksumsAreForged(Codec codec) {
        List<Row> rows = Rows.random(random, 60, 30);
        Bytes file = Rows.encode(rows, new SstSettings(512, codec, 10, 10));

        forge("table " + codec, file, SstVerifier::verify);
    }

    @ParameterizedTest
    @EnumSource
    void shouldStayInsideALogObjectWhoseChecksumsAreForged(Codec codec) {
        Bytes file = Rows.encodeWal(Rows.randomLog(random, 60), 512, codec);

        forge(
                "log " + codec,
                file,
                bytes -> {
                    if (WalDecoder.decode(bytes) instanceof WalDecoder.Rows log)
                        while (log.rows().next()) assertTrue(0 < log.rows().keyLength());
                });
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void shouldStayInsideManifestsAndCompactions(int round) {
        var manifests = new Manifests(random);
        var putId = new Ulid(1, 2);
        Bytes manifest =
                ManifestCodec.encode(
                        round % 2 == 0 ? manifests.version1() : manifests.version2(), 0, putId);
        Bytes compactions =
                CompactionsCodec.encode(
                        CompactionsCodecTest.version1(random),
                        CompactionsCodec.VERSION_OLDER,
                        0,
                        putId);

        forgeBare("manifest", SlateDbForm.withoutTrailer(manifest), ManifestCodec::decode);
        forgeBare("compactions", SlateDbForm.withoutTrailer(compactions), CompactionsCodec::decode);
    }

    static int[] rounds() {
        return new int[] {0, 1, 2, 3, 4, 5};
    }

    private void forge(String what, Bytes file, Consumer<Bytes> reader) {
        List<Span> spans = spans(file);
        for (int i = 0; i < ROUNDS; i++) {
            Span span = spans.get(random.nextInt(spans.size()));
            byte[] bytes = file.toArray();
            damage(bytes, span.start, span.end - Crc32.BYTES);
            int length = span.end - span.start - Crc32.BYTES;
            BigEndian.putU32(bytes, span.end - Crc32.BYTES, Crc32.of(bytes, span.start, length));
            new Damage(what, Bytes.wrap(bytes), reader, seed).readAsItIs();
        }
    }

    private void forgeBare(String what, Bytes file, Consumer<Bytes> reader) {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = file.toArray();
            damage(bytes, 0, bytes.length);
            new Damage(what, Bytes.wrap(bytes), reader, seed).readAsItIs();
        }
    }

    // Flips bits, or sets a small or a huge number, as lengths and offsets are.
    private void damage(byte[] bytes, int start, int end) {
        for (int i = 1 + random.nextInt(4); 0 < i; i--) {
            int at = start + random.nextInt(end - start);
            int width = Math.min(1 << random.nextInt(4), end - at);
            switch (random.nextInt(4)) {
                case 0 -> Arrays.fill(bytes, at, at + width, (byte) 0xff);
                case 1 -> Arrays.fill(bytes, at, at + width, (byte) 0);
                case 2 -> bytes[at] = (byte) random.nextInt(32);
                default -> bytes[at] ^= (byte) (1 + random.nextInt(255));
            }
        }
    }

    private static List<Span> spans(Bytes bytes) {
        SstFile file = SstFile.of(bytes);
        var spans = new ArrayList<Span>();
        for (int i = 0; i < file.index().blockCount(); i++) {
            int start = (int) file.index().blockOffset(i);
            spans.add(new Span(start, start + file.index().blockLength(i)));
        }
        SstProperties properties = file.properties();
        for (var section : List.of(properties.filter(), properties.index(), properties.stats()))
            if (!section.isAbsent())
                spans.add(new Span((int) section.offset(), (int) section.end()));
        spans.add(new Span((int) properties.propertiesOffset(), bytes.length() - SstFooter.BYTES));
        return spans;
    }
}
