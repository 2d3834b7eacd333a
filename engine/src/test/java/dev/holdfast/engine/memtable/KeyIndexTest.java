package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
    private static final int CLASH = 7;
    private static final byte[] KEY = {1, 2, 3};

    private static void put(KeyIndex index, int hash, byte[] key, int node) {
        int slot = index.slot(hash, key, 0, key.length);
        if (slot != KeyIndex.NO_SLOT) index.put(slot, hash, node);
    }

    @Test
    void shouldFindTheNewestNodeOfAKey() {
        var index = new KeyIndex((_, _, _, _) -> true, () -> {});
        put(index, CLASH, KEY, 40);
        put(index, CLASH, KEY, 44);

        assertEquals(44, index.find(CLASH, KEY, 0, 3));
        assertEquals(KeyIndex.NONE, index.find(CLASH + 1, KEY, 0, 3));
        assertTrue(index.isWhole());
    }

    @Test
    void shouldSayThatItIsNotWholeWhenTooManyKeysClash() {
        var kept = new ArrayList<Boolean>();
        var asked = new AtomicReference<KeyIndex>();
        var index =
                new KeyIndex(
                        (node, key, _, _) -> node == number(key),
                        () -> kept.add(asked.get().isWhole()));
        asked.set(index);
        for (int i = 1; i < 500; i++) put(index, CLASH, key(i), i);

        assertFalse(index.isWhole());
        assertEquals(List.of(true), kept, "it says so once somebody was told before");
        put(index, CLASH + 2_000, key(500), 500);
        assertEquals(KeyIndex.NONE, index.find(CLASH + 2_000, key(500), 0, 2));
        assertEquals(1, index.find(CLASH, key(1), 0, 2));
        assertEquals(KeyIndex.NONE, index.find(CLASH, key(499), 0, 2));
    }

    @Test
    void shouldStayWholeWithManyKeys() {
        var index = new KeyIndex((_, _, _, _) -> false, () -> {});
        byte[] key = new byte[3];
        for (int i = 1; i < 2_000_000; i++) {
            key[0] = (byte) i;
            key[1] = (byte) (i >> 8);
            key[2] = (byte) (i >> 16);
            put(index, KeyIndex.hash(key, 0, 3), key, i);
        }

        assertTrue(index.isWhole());
    }

    @Test
    void shouldFindAllAfterItHasGrown() {
        var index = new KeyIndex((node, key, _, _) -> node == number(key), () -> {});
        for (int i = 1; i < 30_000; i++) put(index, hash(i), key(i), i);

        for (int i = 1; i < 30_000; i++) assertEquals(i, index.find(hash(i), key(i), 0, 2));
        assertTrue(index.isWhole());
    }

    private static byte[] key(int i) {
        return new byte[] {(byte) i, (byte) (i >> 8)};
    }

    private static int number(byte[] key) {
        return key[0] & 0xFF | (key[1] & 0xFF) << 8;
    }

    private static int hash(int i) {
        return KeyIndex.hash(key(i), 0, 2);
    }

    @Test
    void shouldTellKeysApartByAllOfTheirBytes() {
        byte[] one = {0, 0, 0, 0, 0, 0, 0, 0, 1};
        byte[] other = {0, 0, 0, 0, 0, 0, 0, 1, 0};

        assertNotEquals(KeyIndex.hash(one, 0, 9), KeyIndex.hash(other, 0, 9));
        assertNotEquals(KeyIndex.hash(one, 0, 7), KeyIndex.hash(one, 0, 8));
        assertEquals(KeyIndex.hash(other, 0, 8), KeyIndex.hash(one, 1, 9));
    }
}
