package dev.holdfast.format.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.Rows;
import dev.holdfast.format.wire.FormatException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BloomFilterTest {
    private static final int KEYS = 20_000;

    static LongStream seeds() {
        return Rows.seeds(5);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldHoldEveryKeyAndFewOthers(long seed) {
        // given
        var random = new SplittableRandom(seed);
        byte[][] keys = new byte[KEYS][];
        var encoder = new BloomFilterEncoder(10);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = ("key" + i + random.nextLong()).getBytes();
            encoder.add(keys[i], 0, keys[i].length);
        }
        // when
        long foreseen = encoder.sizeBytes();
        Bytes payload = encoder.finish();
        var filter = BloomFilter.decodeLegacy(payload);
        // then
        assertEquals(foreseen, payload.length());
        for (byte[] key : keys) assertTrue(filter.mightContain(key, 0, key.length));
        int wrong = 0;
        for (int i = 0; i < KEYS; i++) {
            byte[] other = ("other" + i + random.nextLong()).getBytes();
            if (filter.mightContain(other, 0, other.length)) wrong++;
        }
        assertTrue(wrong < KEYS * 0.02, "wrong answers: " + wrong + " of " + KEYS);
    }

    @Test
    void shouldFindTheFilterOverWholeKeysAmongOthers() {
        Bytes legacy = filterOf("apple");

        Bytes composite =
                composite(
                        new TreeMap<>(
                                Map.of("_bf", legacy, "_bf:p=x", filterOf("a"), "new", key("z"))));
        var filter = BloomFilter.decodeComposite(composite);

        assertNotNull(filter);
        assertTrue(mightContain(filter, "apple"));
        assertFalse(mightContain(filter, "a"));
    }

    @Test
    void shouldHaveNoFilterWhereAllNamesAreUnknown() {
        assertNull(BloomFilter.decodeComposite(composite(Map.of("_bf:wh=0", filterOf("a")))));
    }

    @Test
    void shouldRefuseWhatIsCutOrTooLong() {
        Bytes composite = composite(Map.of("_bf", filterOf("apple")));

        for (int length = 0; length < composite.length(); length++) {
            Bytes cut = composite.slice(0, length);
            assertThrows(FormatException.class, () -> BloomFilter.decodeComposite(cut));
        }
        assertThrows(FormatException.class, () -> BloomFilter.decodeLegacy(Bytes.EMPTY));
        assertThrows(
                FormatException.class,
                () -> BloomFilter.decodeLegacy(Bytes.wrap(new byte[] {0, 6})));
        assertThrows(
                FormatException.class,
                () -> BloomFilter.decodeLegacy(Bytes.wrap(new byte[] {0, 0, 1})));
    }

    private static boolean mightContain(BloomFilter filter, String key) {
        byte[] bytes = key.getBytes();
        return filter.mightContain(bytes, 0, bytes.length);
    }

    private static Bytes key(String key) {
        return Bytes.utf8(key);
    }

    private static Bytes filterOf(String key) {
        var encoder = new BloomFilterEncoder(10);
        byte[] bytes = key.getBytes();
        encoder.add(bytes, 0, bytes.length);
        return encoder.finish();
    }

    private static Bytes composite(Map<String, Bytes> parts) {
        var out = ByteBuffer.allocate(1000).putShort((short) parts.size());
        parts.forEach((name, part) ->
                out.putShort((short) name.length())
                        .put(name.getBytes())
                        .putLong(part.length())
                        .put(part.toArray()));
        return Bytes.copyOf(out.array(), 0, out.position());
    }
}
