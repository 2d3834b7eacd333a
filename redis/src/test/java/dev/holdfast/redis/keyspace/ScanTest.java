package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.fake.FakeDb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ScanTest {
    private final TestEnv env = new TestEnv(1);
    private final FakeDb db = new FakeDb();
    private Keyspaces keyspaces = Keyspaces.open(db, env);

    @Test
    void shouldVisitEveryKeyThatStaysWhenOthersComeAndGo() throws Exception {
        // given
        long seed = Long.getLong("scan.seed", System.nanoTime());
        var random = new Random(seed);
        Set<String> staying = new TreeSet<>();
        for (int i = 0; i < 300; i++) {
            staying.add("stays:with:a:long:prefix:" + i);
            calls().call("SET stays:with:a:long:prefix:" + i + " v");
            calls().call("SET goes:" + i + " v");
        }
        // when
        Set<String> visited = new TreeSet<>();
        long cursor = 0;
        do {
            cursor = scan(cursor, 7, visited);
            calls().call("DEL goes:" + random.nextInt(300));
            calls().call("SET comes:" + random.nextInt(300) + " v");
            if (random.nextInt(20) == 0) keyspaces = Keyspaces.open(db, env);
        } while (cursor != 0);
        // then
        visited.retainAll(staying);
        assertEquals(staying, visited, "seed=" + seed);
    }

    @Test
    void shouldVisitKeysOnceWhenNothingChanges() throws Exception {
        // given
        for (int i = 0; i < 100; i++) calls().call("SET k" + i + " v");
        calls().call("SET large " + "x".repeat(50_000));
        // when
        List<Bytes> visited = new ArrayList<>();
        long cursor = 0;
        do {
            long from = cursor;
            cursor =
                    keyspaces
                            .execute(
                                    0,
                                    keyspace ->
                                            keyspace.scan(from, 3, each -> visited.add(each.key())))
                            .result();
        } while (cursor != 0);
        // then
        assertEquals(101, visited.size());
        assertEquals(101, Set.copyOf(visited).size());
    }

    @Test
    void shouldVisitKeysOfOneHashTogetherWhenTheCountIsLess() throws Exception {
        // given
        List<String> twins = new ArrayList<>();
        KeyHash hash = keyspaces.execute(0, keyspace -> keyspace.execution().hash()).result();
        Map<Integer, String> byHash = new HashMap<>();
        for (int i = 0; twins.isEmpty(); i++) {
            String twin = byHash.put(hash.of(Bytes.utf8("k" + i)), "k" + i);
            if (twin != null) twins.addAll(List.of(twin, "k" + i));
        }
        for (String key : twins) calls().call("SET " + key + " v");
        // when
        Set<String> visited = new TreeSet<>();
        long cursor = scan(0, 1, visited);
        // then
        assertEquals(0, cursor);
        assertEquals(new TreeSet<>(twins), visited);
    }

    @Test
    void shouldEndWhenTheCursorIsNoneThatWasGiven() throws Exception {
        calls().call("SET k v");

        assertEquals("*2\r\n$1\r\n0\r\n*0\r\n", calls().call("SCAN 18446744073709551615"));
        assertEquals("*2\r\n$1\r\n0\r\n*0\r\n", calls().call("SCAN 4294967296"));
    }

    @Test
    void shouldShowOnlyWhatIsAskedForWhenPatternAndTypeAreGiven() {
        calls().call("MSET apple 1 avocado 2 banana 3");
        calls().call("LPUSH almond x");

        String found = calls().call("SCAN 0 MATCH a* TYPE string COUNT 100");

        assertTrue(found.startsWith("*2\r\n$1\r\n0\r\n*2\r\n"), found);
        assertTrue(found.contains("apple") && found.contains("avocado"), found);
    }

    @Test
    void shouldDrawEveryKeyOnceInAWhileWhenKeysAreDrawnAtRandom() {
        for (int i = 0; i < 10; i++) calls().call("SET k" + i + " v");

        Set<String> drawn = new TreeSet<>();
        for (int i = 0; i < 2_000; i++) drawn.add(calls().call("RANDOMKEY"));

        assertEquals(10, drawn.size());
    }

    private CommandLine calls() {
        return new CommandLine(keyspaces);
    }

    private long scan(long cursor, int count, Set<String> visited) throws InterruptedException {
        return keyspaces
                .execute(
                        0,
                        keyspace ->
                                keyspace.scan(
                                        cursor, count, each -> visited.add(each.key().toUtf8())))
                .result();
    }
}
