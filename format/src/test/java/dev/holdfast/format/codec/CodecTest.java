package dev.holdfast.format.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.Rows;
import dev.holdfast.format.wire.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class CodecTest {
    private static final int SIZE_MAX = 1 << 20;

    private final long seed = Rows.seeds(1).findFirst().orElseThrow();
    private final SplittableRandom random = new SplittableRandom(seed);

    @ParameterizedTest
    @EnumSource
    void shouldGiveBackWhatWasCompressed(Codec codec) {
        Stream.of(1, 2, 15, 100, 4096, 70_000, 1_000_000)
                .forEach(size -> {
                    for (byte[] original : new byte[][] {new byte[size], noise(size), text(size)}) {
                        Bytes found = codec.decompress(compress(codec, original), SIZE_MAX);
                        assertEquals(Bytes.wrap(original), found, "format.seed=" + seed);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    @Tag("SEC-14")
    void shouldStopAtTheCap(Codec codec) {
        Bytes stored = compress(codec, new byte[100_000]);

        assertEquals(100_000, codec.decompress(stored, 100_000).length());
        assertThrows(FormatException.class, () -> codec.decompress(stored, 99_999));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void shouldThrowNothingElseWhenTheStreamIsWrong(Codec codec) {
        Bytes stored = compress(codec, text(3000));
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = stored.toArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            try {
                assertTrue(codec.decompress(Bytes.wrap(bytes, 0, length), SIZE_MAX).length() >= 0);
            } catch (FormatException expected) {
                assertTrue(expected.getMessage().length() > 3, "format.seed=" + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void shouldRefuseEveryCut(Codec codec) {
        Bytes stored = compress(codec, text(500));
        for (int length = 0; length < stored.length(); length++) {
            Bytes cut = stored.slice(0, length);
            assertThrows(FormatException.class, () -> codec.decompress(cut, SIZE_MAX), "" + length);
        }
    }

    @Test
    @Tag("SEC-14")
    void shouldNotBelieveASizeThatTheStreamCannotHave() {
        // given: 2^30 as the size of a few bytes
        Bytes lz4 = Bytes.wrap(new byte[] {0, 0, 0, 0x40, 0x10, 1});
        Bytes snappy =
                Bytes.wrap(
                        new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 4, 0, 1});
        // when, then
        assertThrows(FormatException.class, () -> Codec.LZ4.decompress(lz4, Integer.MAX_VALUE));
        assertThrows(
                FormatException.class, () -> Codec.SNAPPY.decompress(snappy, Integer.MAX_VALUE));
    }

    @Test
    void shouldReadAZstdFrameThatDoesNotSayItsSize() throws IOException {
        byte[] original = text(50_000);
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZstdOutputStream(bytes)) {
            out.write(original);
        }
        Bytes stored = Bytes.wrap(bytes.toByteArray());

        assertEquals(Bytes.wrap(original), Codec.ZSTD.decompress(stored, 50_000));
        assertThrows(FormatException.class, () -> Codec.ZSTD.decompress(stored, 49_999));
        for (int length = 0; length < stored.length(); length++) {
            Bytes cut = stored.slice(0, length);
            assertThrows(FormatException.class, () -> Codec.ZSTD.decompress(cut, SIZE_MAX));
        }
    }

    @Test
    void shouldRefuseAnUnknownId() {
        assertThrows(FormatException.class, () -> Codec.of(5));
        assertThrows(FormatException.class, () -> Codec.of(-1));
    }

    private static Bytes compress(Codec codec, byte[] original) {
        try (var compressor = new Compressor(codec)) {
            byte[] target = new byte[7 + compressor.boundOf(original.length)];
            int end = compressor.compress(original, original.length, target, 7);
            return Bytes.wrap(target, 7, end - 7);
        }
    }

    private byte[] noise(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] text(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) ('a' + random.nextInt(4));
        return bytes;
    }
}
