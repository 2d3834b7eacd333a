package dev.holdfast.format.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundaryMarkTest {
    @Test
    void shouldReadANumber() {
        assertEquals(0, BoundaryMark.decode(Bytes.utf8("0")));
        assertEquals(12, BoundaryMark.decode(Bytes.utf8("12")));
        assertEquals(Long.MAX_VALUE, BoundaryMark.decode(Bytes.utf8("18446744073709551615")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "1\n", "-1", "0x1", "1.5", "111111111111111111111"})
    void shouldRefuseAnythingElse(String text) {
        assertThrows(FormatException.class, () -> BoundaryMark.decode(Bytes.utf8(text)));
    }
}
