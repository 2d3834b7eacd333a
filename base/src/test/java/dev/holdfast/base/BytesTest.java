package dev.holdfast.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void shouldOrderBytesAsUnsigned() {
        assertTrue(
                Bytes.wrap(new byte[] {(byte) 0x80}).compareTo(Bytes.wrap(new byte[] {0x7f})) > 0);
        assertTrue(Bytes.utf8("a").compareTo(Bytes.utf8("ab")) < 0);
    }

    @Test
    void shouldEqualItsSliceOfAnotherArray() {
        Bytes slice = Bytes.utf8("xapplex").slice(1, 6);

        assertEquals(Bytes.utf8("apple"), slice);
        assertEquals(Bytes.utf8("apple").hashCode(), slice.hashCode());
        assertTrue(slice.startsWith(Bytes.utf8("app")));
        assertFalse(slice.startsWith(Bytes.utf8("apples")));
    }

    @Test
    void shouldRefuseASliceBeyondItsEnd() {
        assertThrows(IndexOutOfBoundsException.class, () -> Bytes.utf8("abc").slice(1, 4));
    }

    @Test
    void shouldPrintWhatCannotBePrinted() {
        assertEquals("a\\x00\\xff", Bytes.wrap(new byte[] {'a', 0, (byte) 0xff}).toString());
    }
}
