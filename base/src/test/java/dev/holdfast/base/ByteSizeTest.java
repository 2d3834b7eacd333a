package dev.holdfast.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ByteSizeTest {
    @Test
    void shouldReadEveryUnit() {
        assertEquals(ByteSize.bytes(7), ByteSize.parse("7"));
        assertEquals(ByteSize.kibibytes(7), ByteSize.parse("7 KiB"));
        assertEquals(ByteSize.mebibytes(64), ByteSize.parse("64mb"));
        assertEquals(ByteSize.gibibytes(1), ByteSize.parse("1G"));
    }

    @Test
    void shouldPrintWhatItReads() {
        assertEquals("64MiB", ByteSize.parse("65536k").toString());
        assertEquals("1000B", ByteSize.bytes(1000).toString());
        assertEquals("0B", ByteSize.bytes(0).toString());
    }

    @Test
    void shouldRefuseWhatIsNoSize() {
        assertThrows(IllegalArgumentException.class, () -> ByteSize.parse("-1"));
        assertThrows(IllegalArgumentException.class, () -> ByteSize.parse("many"));
        assertThrows(IllegalArgumentException.class, () -> ByteSize.parse("99999999999T"));
    }
}
