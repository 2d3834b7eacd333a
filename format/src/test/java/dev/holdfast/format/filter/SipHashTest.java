package dev.holdfast.format.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
    // What CPython 3.11, whose hash of bytes is SipHash-1-3, gives with the key (0, 0) for the
    // bytes
    // 0, 1, 2 and so on; PYTHONHASHSEED=0 sets that key. Of no bytes it gives 0 by its own rule:
    // that
    // one is from the independent decoder of the format.
    @ParameterizedTest
    @CsvSource({
        "0, d1fba762150c532c",
        "1, 68a914128e01e473",
        "2, 010bac45c41e3669",
        "7, 2f098ab0c751325a",
        "8, ead411e67ebe2eea",
        "9, 75927f9d95124362",
        "15, f30eb725bb91c9ea",
        "16, 8972188433a5c5b7",
        "17, 4883c49a2c009c1d",
        "31, 169739443111d49b",
        "63, 385d3e39e5f37359",
        "64, 75e05fd5bbc870c6",
        "100, 1c6a66e1506e7908"
    })
    void shouldHashAsTheReferenceDoes(int length, String hash) {
        byte[] bytes = new byte[length + 3];
        for (int i = 0; i < length; i++) bytes[3 + i] = (byte) i;

        assertEquals(Long.parseUnsignedLong(hash, 16), SipHash.of(bytes, 3, length));
    }

    @ParameterizedTest
    @CsvSource({"apple, e4305d08716d0e44"})
    void shouldHashAKey(String key, String hash) {
        Bytes bytes = Bytes.utf8(key);

        long found = SipHash.of(bytes.array(), bytes.offset(), bytes.length());

        assertEquals(Long.parseUnsignedLong(hash, 16), found);
    }
}
