package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
    private static final int CLASH = 7;
    private static final byte[] KEY = {1, 2, 3};

    @Test
    void shouldFindTheNewestNodeOfAKey() {
        var index = new KeyIndex((_, _, _, _) -> true);
        index.put(CLASH, KEY, 0, 3, 40);
        index.put(CLASH, KEY, 0, 3, 44);

        assertEquals(44, index.find(CLASH, KEY, 0, 3));
        assertEquals(KeyIndex.NONE, index.find(CLASH + 1, KEY, 0, 3));
        assertTrue(index.isWhole());
    }

    @Test
    void shouldSayThatItIsNotWholeWhenTooManyKeysClash() {
        var index = new KeyIndex((node, key, _, _) -> node == key[0]);
        for (byte i = 1; i < 100; i++) index.put(CLASH, new byte[] {i}, 0, 1, i);

        assertFalse(index.isWhole());
        assertEquals(1, index.find(CLASH, new byte[] {1}, 0, 1));
        assertEquals(KeyIndex.NONE, index.find(CLASH, new byte[] {99}, 0, 1));
    }

    @Test
    void shouldFindAllAfterItHasGrown() {
        var index = new KeyIndex((node, key, _, _) -> node == number(key));
        for (int i = 1; i < 30_000; i++) index.put(hash(i), key(i), 0, 2, i);

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

    @Test
    void shouldShowTheSameWithAnIndexAsWithout() {
        long seed = Seeds.fresh(1).findFirst().orElseThrow();
        var random = new Random(seed);
        var plain = new Memtable();
        Memtable indexed = Memtable.indexed(KeyMarks.PLAIN);
        for (long seq = 1; seq <= 3_000; seq++) {
            WriteBatch batch = batch(random, seq);
            plain.apply(batch.cursor(), seq, 0);
            indexed.apply(batch.cursor(), seq, 0);
            Bytes asked = key(random);
            long seqMax = random.nextBoolean() ? seq : random.nextLong(seq);
            assertEquals(
                    found(plain, asked, seqMax), found(indexed, asked, seqMax), "seed " + seed);
        }
        assertEquals(plain.rows(), indexed.rows(), "seed " + seed);
        for (Order order : Order.values())
            assertEquals(shown(plain, order), shown(indexed, order), "seed " + seed);
    }

    private static WriteBatch batch(Random random, long seq) {
        var batch = new WriteBatch();
        for (int i = random.nextInt(4); 0 <= i; i--) {
            Bytes key = key(random);
            if (random.nextInt(8) == 0) batch.delete(key);
            else batch.put(key, Bytes.utf8(seq + " " + i));
        }
        return batch;
    }

    private static Bytes key(Random random) {
        int most = random.nextBoolean() ? 5 : 2_000;
        return Bytes.utf8("key " + random.nextInt(most));
    }

    private static String found(Memtable memtable, Bytes key, long seqMax) {
        var found = new FoundRow();
        return memtable.find(key, seqMax, found) ? found.seq() + " " + found.flags() : "nothing";
    }

    private static List<String> shown(Memtable memtable, Order order) {
        var shown = new ArrayList<String>();
        try (RowCursor rows = memtable.cursor(order)) {
            while (rows.next()) {
                Bytes key = Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
                Bytes value = Bytes.wrap(rows.valueArray(), rows.valueOffset(), rows.valueLength());
                shown.add(key.toUtf8() + " " + rows.seq() + " " + value.toUtf8());
            }
        }
        return shown;
    }

    @Test
    void shouldBeThereOnlyWhereKeysAreLookedFor() {
        var written = new Memtable();
        var read = new Memtable();
        for (long seq = 1; seq <= 5_000; seq++) {
            WriteBatch batch = new WriteBatch().put(Bytes.utf8("key " + seq), Bytes.EMPTY);
            written.apply(batch.cursor(), seq, 0);
            read.apply(batch.cursor(), seq, 0);
            found(read, Bytes.utf8("key " + seq), seq);
        }

        assertTrue(written.bytes() + 8 * 5_000 <= read.bytes());
    }
}
