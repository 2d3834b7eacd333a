package dev.holdfast.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VarintTest {
    @Test
    void shouldWriteSevenBitsAByte() {
        var out = new byte[Varint.BYTES_MAX];

        int end = Varint.encode(out, 0, 300);

        assertArrayEquals(new byte[] {(byte) 0xac, 2}, Arrays.copyOf(out, end));
    }

    @Test
    void shouldPredictItsLength() {
        var out = new byte[Varint.BYTES_MAX];
        for (int shift = 0; shift < 32; shift++)
            for (int value : new int[] {1 << shift, (1 << shift) - 1, -1 >>> shift})
                assertEquals(
                        Varint.encode(out, 0, value),
                        Varint.bytesOf(value),
                        () -> "value=" + value);
    }
}
