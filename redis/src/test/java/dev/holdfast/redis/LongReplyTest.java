package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongReplyTest {
    private static final int COUNT = 20_000; // much more than is gathered before it goes out
    private static final Pattern HELD = Pattern.compile("id=(\\d+) .* omem=(\\d+) ");

    private TestServer server;

    @BeforeAll
    void fill() throws Exception {
        server = new TestServer();
        try (var client = new TestClient(server.port())) {
            add(client, "SADD", "set", i -> List.of(name(i)));
            add(client, "SADD", "odd", i -> List.of(name(2 * i + 1)));
            add(client, "HSET", "hash", i -> List.of(name(i), "value of " + i));
            add(client, "RPUSH", "list", i -> List.of(name(i)));
            add(client, "ZADD", "zset", i -> List.of(Integer.toString(i), name(i)));
            for (int i = 1; i <= COUNT; i++) client.send("XADD", "stream", "1-" + i, "f", name(i));
            for (int i = 1; i <= COUNT; i++) client.read();
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private interface Words {
        List<String> of(int index);
    }

    private static void add(TestClient client, String command, String key, Words words)
            throws IOException {
        for (int from = 0; from < COUNT; from += 1000) {
            List<String> call = new ArrayList<>(List.of(command, key));
            for (int i = from; i < from + 1000; i++) call.addAll(words.of(i));
            client.call(call.toArray(String[]::new));
        }
    }

    private static String name(int index) {
        return "member-%06d".formatted(index);
    }

    private static List<String> names(int from, int end) {
        List<String> names = new ArrayList<>();
        for (int i = from; i < end; i++) names.add(name(i));
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldAnswerWholeCollectionsAsTheyAre(String protocol) throws IOException {
        try (var client = new TestClient(server.port())) {
            client.call("HELLO", protocol);

            assertEquals(names(0, COUNT).toString(), client.call("LRANGE", "list", "0", "-1"));
            assertEquals(names(5, COUNT).toString(), client.call("LRANGE", "list", "5", "-1"));
            assertEquals(names(0, COUNT), sorted(client.call("SMEMBERS", "set")));
            assertEquals(names(0, COUNT), sorted(client.call("HKEYS", "hash")));
            assertEquals(COUNT, sorted(client.call("HVALS", "hash")).size());
            assertEquals(
                    names(0, COUNT).reversed().toString(),
                    client.call("ZRANGE", "zset", "0", "-1", "REV"));
            assertEquals(
                    names(10, COUNT).toString(),
                    client.call("ZRANGEBYSCORE", "zset", "(9", "+inf"));
            assertEquals(
                    names(11, COUNT - 1).toString(),
                    client.call(
                            "ZRANGEBYSCORE",
                            "zset",
                            "10",
                            "+inf",
                            "LIMIT",
                            "1",
                            "" + (COUNT - 12)));
            assertEquals(names(0, 2 * COUNT).size() * 3 / 4, union(client));
        }
    }

    private static int union(TestClient client) throws IOException {
        return sorted(client.call("SUNION", "set", "odd")).size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldAnswerPairsAsTheyAre(String protocol) throws IOException {
        try (var client = new TestClient(server.port())) {
            client.call("HELLO", protocol);
            boolean isNested = protocol.equals("3");

            String scored = client.call("ZRANGE", "zset", "0", "-1", "WITHSCORES");
            String first = isNested ? "[[member-000000, 0], [" : "[member-000000, 0, member";
            assertTrue(scored.startsWith(first), scored.substring(0, 100));
            assertEquals(2 * COUNT, sorted(scored.replace("[", "").replace("]", "")).size());
            String all = client.call("HGETALL", "hash");
            assertEquals(isNested, all.startsWith("%"));
            assertEquals(2 * COUNT, sorted(all).size());
            String entries = client.call("XRANGE", "stream", "-", "+");
            assertTrue(entries.startsWith("[[1-1, [f, member-000001]], [1-2, ["));
            assertTrue(entries.endsWith("[1-" + COUNT + ", [f, " + name(COUNT) + "]]]"));
            String back = client.call("XREVRANGE", "stream", "+", "1-3");
            assertTrue(back.endsWith("[1-3, [f, member-000003]]]"));
        }
    }

    @Test
    void shouldKeepTheOrderOfRepliesAroundALongOne() throws IOException {
        try (var client = new TestClient(server.port())) {
            client.send("SET", "n", "7");
            client.send("INCR", "n");
            client.send("LRANGE", "list", "0", "-1");
            client.send("INCR", "n");
            client.send("CLIENT", "REPLY", "SKIP");
            client.send("SMEMBERS", "set");
            client.send("LRANGE", "list", "0", "-1");
            client.send("GET", "n");

            assertEquals("OK", client.read());
            assertEquals(":8", client.read());
            assertEquals(names(0, COUNT).toString(), client.read());
            assertEquals(":9", client.read());
            assertEquals(names(0, COUNT).toString(), client.read());
            assertEquals("9", client.read());
        }
    }

    @Test
    void shouldHoldLittleForAClientThatIsSlowAndShowItOneMoment() throws IOException {
        try (var slow = new TestClient(server.port(), 4096);
                var other = new TestClient(server.port())) {
            other.call("DEL", "growing");
            add(other, "RPUSH", "growing", i -> List.of(name(i) + "x".repeat(1000)));
            String id = slow.call("CLIENT", "ID").substring(1);
            slow.send("LRANGE", "growing", "0", "-1");
            while (held(other, id) < 100_000) Thread.onSpinWait();
            long most = 0;
            for (int i = 0; i < 100; i++) {
                other.call("LPUSH", "growing", "new");
                most = Math.max(most, held(other, id));
            }

            assertTrue(most < 8 << 20, "held=" + most);
            String shown = slow.read();
            assertTrue(shown.startsWith("[member-000000xxx"), shown.substring(0, 50));
            assertEquals(COUNT, sorted(shown).size());
        }
    }

    private static long held(TestClient client, String id) throws IOException {
        Matcher line = HELD.matcher(client.call("CLIENT", "LIST", "ID", id));
        assertTrue(line.find());
        return Long.parseLong(line.group(2));
    }

    @Test
    void shouldAnswerAsAWholeInsideATransaction() throws IOException {
        try (var client = new TestClient(server.port())) {
            client.call("MULTI");
            client.call("RPUSH", "list", "last");
            client.call("LRANGE", "list", "0", "-1");
            client.call("RPOP", "list");

            String replies = client.call("EXEC");

            assertTrue(replies.startsWith("[:" + (COUNT + 1) + ", [member-000000, member-000001,"));
            assertTrue(replies.endsWith(name(COUNT - 1) + ", last], last]"));
        }
    }

    private static List<String> sorted(String list) {
        List<String> found =
                new ArrayList<>(
                        List.of(
                                list.substring(list.indexOf('[') + 1, list.length() - 1)
                                        .split(", ")));
        Collections.sort(found);
        return found;
    }
}
