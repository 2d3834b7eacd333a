package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.iter.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HotPlacesTest {
    private static final int ROWS = 5_000;

    private final EntryArena entries = new EntryArena();
    private final SkipList list = new SkipList(entries, KeyMarks.PLAIN);
    private final Map<String, Long> newest = new TreeMap<>();

    @Test
    void keysThatAreWrittenAgainAndAgainKeepEveryLevelInOrder() {
        insertSome(1, random -> random.nextInt(64));
    }

    @Test
    void soDoOthersBetweenThem() {
        insertSome(2, random -> random.nextInt(4) == 0 ? random.nextInt(5_000) : random.nextInt(8));
    }

    @Test
    void soDoKeysThatComeInOrderAfterHotOnes() {
        int[] next = {0};
        insertSome(3, random -> random.nextInt(3) == 0 ? random.nextInt(5) : next[0]++);
    }

    private void insertSome(int salt, java.util.function.ToIntFunction<Random> which) {
        long seed = Seeds.fresh(1).findFirst().orElseThrow() + salt;
        var random = new Random(seed);
        for (long seq = 1; seq <= ROWS; seq++) {
            String key = "key " + which.applyAsInt(random);
            assertTrue(list.insert(entry(key, seq)));
            newest.put(key, seq);
            if (seq % 500 == 0) assertTrue(list.isInOrder(), "seed " + seed + " at " + seq);
        }
        newest.forEach((key, seq) -> assertEquals(seq, newestOf(key), "seed " + seed + " " + key));
    }

    private int entry(String key, long seq) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int entry = entries.allot(bytes.length, 0, seq, 0);
        byte[] chunk = entries.chunk(entry);
        int at = EntryArena.keyOffset(chunk, EntryArena.offset(entry));
        System.arraycopy(bytes, 0, chunk, at, bytes.length);
        return entry;
    }

    private long newestOf(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int node = list.ceiling(bytes, 0, bytes.length, Long.MAX_VALUE);
        assertEquals(Bytes.utf8(key), list.key(node));
        int entry = list.entry(node);
        return EntryArena.seq(entries.chunk(entry), EntryArena.offset(entry));
    }
}
