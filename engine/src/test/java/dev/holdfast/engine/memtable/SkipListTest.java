package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.iter.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Entries are found by their keys as soon as they are added, linked or not, and stand in order
/// once they are linked, whenever that is.
@Tag("planted")
class SkipListTest {
    private static final int GROUPS = 2_000;
    private static final int KEYS_MAX = 3_000;
    private static final int CLASHING = 400; // more than an index has room for in a row

    private final EntryArena entries = new EntryArena();
    private final SkipList list = new SkipList(entries, KeyMarks.PLAIN);
    private final TreeMap<String, Integer> model =
            new TreeMap<>(); // key and number, then the entry

    @Test
    void keysInNoOrder() {
        addGroups(1, random -> key(random.nextInt(KEYS_MAX)));
    }

    @Test
    void keysInNoOrderAmongHotOnes() {
        addGroups(2, random -> key(random.nextInt(3) == 0 ? random.nextInt(KEYS_MAX) : 7));
    }

    @Test
    void keysThatRiseOrFallAmongOthers() {
        int[] next = {0, KEYS_MAX};
        addGroups(
                3,
                random ->
                        switch (random.nextInt(8)) {
                            case 0 -> key(random.nextInt(KEYS_MAX));
                            case 1 -> key(next[1]--);
                            default -> key(next[0]++);
                        });
    }

    @Test
    void keysOfSeveralKinds() {
        addGroups(
                4,
                random ->
                        switch (random.nextInt(3)) {
                            case 0 -> "a long beginning of one kind " + random.nextInt(500);
                            case 1 -> "z" + "z".repeat(random.nextInt(40));
                            default -> key(random.nextInt(KEYS_MAX));
                        });
    }

    @Test
    void keysThatTheIndexHasNoRoomFor() {
        List<String> clashing = clashing();
        addGroups(
                5,
                random ->
                        random.nextInt(3) == 0
                                ? clashing.get(random.nextInt(CLASHING))
                                : key(random.nextInt(300)));
    }

    private static String key(int number) {
        return "key %08d".formatted(number);
    }

    private static List<String> clashing() {
        var keys = new ArrayList<String>();
        for (int i = 0; keys.size() < CLASHING; i++)
            if ((hash("clash " + i) & 0xFFF) == 5) keys.add("clash " + i);
        return keys;
    }

    private static int hash(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return KeyIndex.hash(bytes, 0, bytes.length);
    }

    private void addGroups(int salt, Function<Random, String> which) {
        long seed = Seeds.fresh(1).findFirst().orElseThrow() + salt;
        var random = new Random(seed);
        int linkedOneIn = 1 << random.nextInt(10);
        for (int seq = 1; seq <= GROUPS; seq++) {
            int[] group = new int[random.nextInt(SkipList.TOGETHER_MAX + 1)];
            String last = "";
            for (int i = 0; i < group.length; i++) {
                last = which.apply(random);
                group[i] = entry(last, seq);
                model.put(row(last, seq), group[i]);
            }
            list.add(group, group.length);
            String where = "seed " + seed + ", " + seq;
            if (0 < group.length) assertFound(last, seq, where);
            if (random.nextInt(linkedOneIn) == 0) list.linkAdded();
            assertFound(which.apply(random), 1 + random.nextInt(seq), where);
            if (seq % 500 == 0) assertTrue(list.isInOrder(), where);
        }
        assertWalked("seed " + seed);
    }

    private void assertWalked(String where) {
        list.linkAdded();
        assertTrue(list.isInOrder(), where);
        assertEquals(model.size(), list.count(), where);
        int node = list.next(TowerArena.HEAD);
        int last = TowerArena.HEAD;
        for (var row : model.entrySet()) {
            assertEquals(row.getValue(), list.entry(node), where + " " + row.getKey());
            assertEquals(last, list.previous(node), where + " " + row.getKey());
            last = node;
            node = list.next(node);
        }
        assertEquals(TowerArena.HEAD, node);
    }

    private static String row(String key, int seq) {
        return key + "\0%08d".formatted(GROUPS - seq);
    }

    private void assertFound(String key, int seqMax, String where) {
        var expected = model.ceilingEntry(row(key, seqMax));
        boolean isThere = expected != null && expected.getKey().startsWith(key + "\0");
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int node = list.newest(hash(key), bytes, 0, bytes.length, seqMax);
        boolean isMet = node != TowerArena.HEAD && list.key(node).equals(Bytes.utf8(key));
        assertEquals(isThere, isMet, where + " " + key + " at " + seqMax);
        if (isThere) assertEquals(expected.getValue(), list.entry(node), where + " " + key);
    }

    private int entry(String key, long seq) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int entry = entries.allot(bytes.length, 0, seq, 0);
        byte[] chunk = entries.chunk(entry);
        int at = EntryArena.keyOffset(chunk, EntryArena.offset(entry));
        System.arraycopy(bytes, 0, chunk, at, bytes.length);
        return entry;
    }
}
