package dev.holdfast.engine.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.lifecycle.durable.Durable;
import org.junit.jupiter.api.Test;

class WalIndexTest {
    private final WalIndex index = new WalIndex(Durable.confirmed(4L), 10);

    private void add(long id, long lastSeq) {
        index.add(Durable.confirmed(id), lastSeq);
    }

    private WalPosition cover(long seq) {
        return index.cover(seq).position();
    }

    @Test
    void shouldNotCoverAnObjectThatAMemtableEndsIn() {
        add(5, 12);
        add(6, 20);

        assertEquals(new WalPosition(5, 6), cover(15));
        assertEquals(1, index.size());
        assertEquals(new WalPosition(6, 6), cover(20));
    }

    @Test
    void shouldCoverAFenceOnceWhatLiesBeforeItIsCovered() {
        add(5, 12);
        add(6, 0);

        assertEquals(new WalPosition(4, 6), cover(11));
        assertEquals(new WalPosition(6, 6), cover(12));
    }

    @Test
    void shouldNeverGoBack() {
        add(5, 12);

        assertEquals(new WalPosition(5, 5), cover(12));
        assertEquals(new WalPosition(5, 5), cover(3));
    }

    @Test
    void shouldRefuseAGap() {
        assertThrows(AssertionError.class, () -> add(6, 12));
    }
}
