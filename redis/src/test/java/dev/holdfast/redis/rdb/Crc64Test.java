package dev.holdfast.redis.rdb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The checksum of snapshots, against the value that Redis's own test has.
class Crc64Test {
    @Test
    void shouldGiveTheKnownValueWhenTheDigitsAreSummed() {
        assertEquals(0xe9c6d914c4b8d9caL, sum("123456789", 9));
    }

    @Test
    void shouldNotDependOnHowTheBytesCome() {
        String text = "the same bytes, one after another, whole or in parts, ".repeat(20);
        long whole = sum(text, text.length());

        for (int size : new int[] {1, 3, 7, 8, 9, 64}) assertEquals(whole, sum(text, size));
    }

    private static long sum(String text, int size) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        var crc = new Crc64();
        for (int from = 0; from < bytes.length; from += size)
            crc.update(bytes, from, Math.min(bytes.length, from + size));
        return crc.value();
    }
}
