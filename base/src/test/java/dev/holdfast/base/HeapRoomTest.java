package dev.holdfast.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HeapRoomTest {
    private static final long MIB = 1 << 20;

    @Test
    void shouldLeaveTheProgramWhatItTakesAndDataAQuarterAtLeast() {
        assertEquals(10 * MIB, HeapRoom.of(40 * MIB));
        assertEquals(32 * MIB, HeapRoom.of(64 * MIB));
        assertEquals(992 * MIB, HeapRoom.of(1024 * MIB));
    }
}
