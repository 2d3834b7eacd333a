package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.iter.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/// Entries that are inserted several at a time stand where they would stand had they come one by
/// one.
class PlaceSearchTest {
    private static final int GROUPS = 1_500;
    private static final int KEYS_MAX = 3_000;

    @Test
    void keysInNoOrder() {
        insertGroups(random -> random.nextInt(KEYS_MAX));
    }

    @Test
    void keysInNoOrderAmongHotOnes() {
        insertGroups(random -> random.nextInt(3) == 0 ? random.nextInt(KEYS_MAX) : 7);
    }

    @Test
    void keysThatRiseOrFallAmongOthers() {
        int[] next = {0, KEYS_MAX};
        insertGroups(random ->
                switch (random.nextInt(8)) {
                    case 0 -> random.nextInt(KEYS_MAX);
                    case 1 -> next[1]--;
                    default -> next[0]++;
                });
    }

    @Test
    void keysThatRise() {
        int[] next = {0};
        insertGroups(_ -> next[0]++);
    }

    private static void insertGroups(ToIntFunction<Random> which) {
        long seed = Seeds.fresh(1).findFirst().orElseThrow();
        for (int indexedAt : new int[] {0, GROUPS / 3, Integer.MAX_VALUE})
            insertGroups(which, seed, indexedAt);
    }

    private static void insertGroups(ToIntFunction<Random> which, long seed, int indexedAt) {
        var random = new Random(seed);
        var entries = new EntryArena();
        var list = new SkipList(entries, KeyMarks.PLAIN);
        var model = new TreeMap<String, Integer>(); // key and number, then the entry
        for (int seq = 1; seq <= GROUPS; seq++) {
            if (seq == indexedAt + 1) list.indexKeys();
            int[] group = new int[SkipList.TOGETHER_MAX];
            int count = random.nextInt(group.length + 1);
            int before = model.size();
            for (int i = 0; i < count; i++) {
                String key = "key %08d".formatted(which.applyAsInt(random));
                group[i] = entry(entries, key, seq);
                model.put(key + " %08d".formatted(GROUPS - seq), group[i]);
            }
            String where = "seed " + seed + ", indexed at " + indexedAt + ", " + seq;
            assertEquals(model.size() - before, list.insert(group, count), where);
            if (seq % 100 == 0) assertTrue(list.isInOrder(), where);
        }
        int node = list.next(TowerArena.HEAD);
        for (var row : model.entrySet()) {
            assertEquals(row.getValue(), list.entry(node), "seed " + seed + " " + row.getKey());
            assertNewestIsFound(list, row.getKey().substring(0, 12), seed);
            node = list.next(node);
        }
        assertEquals(TowerArena.HEAD, node);
    }

    private static void assertNewestIsFound(SkipList list, String key, long seed) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int hash = KeyIndex.hash(bytes, 0, bytes.length);
        int node = list.newest(hash, bytes, 0, bytes.length, Long.MAX_VALUE);
        assertEquals(Bytes.utf8(key), list.key(node), "seed " + seed);
        int last = list.previous(node);
        if (last != TowerArena.HEAD) assertTrue(!list.key(last).equals(Bytes.utf8(key)));
    }

    private static int entry(EntryArena entries, String key, long seq) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int entry = entries.allot(bytes.length, 0, seq, 0);
        byte[] chunk = entries.chunk(entry);
        int at = EntryArena.keyOffset(chunk, EntryArena.offset(entry));
        System.arraycopy(bytes, 0, chunk, at, bytes.length);
        return entry;
    }
}
