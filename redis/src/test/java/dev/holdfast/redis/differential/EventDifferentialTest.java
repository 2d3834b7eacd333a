package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.holdfast.redis.keyspace.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Has a real Redis answer the same random calls, and compares what both tell of them to those who
/// listen to events on keys.
///
/// `-Ddifferential.seed=N` tells one story, `-Ddifferential.stories=N` says how many there are.
@Timeout(300)
class EventDifferentialTest {
    private static final int CALLS = 600;
    private static final int STORIES = 11;
    // What each side draws by itself.
    private static final Set<String> LEFT_OUT = Set.of("SPOP", "RANDOMKEY");

    @TempDir Path directory;

    @Test
    void shouldTellOfKeysWhatRedisTells() throws Exception {
        Long given = Long.getLong("differential.seed");
        long first = given == null ? 20_260_001 : given;
        int stories = given == null ? Integer.getInteger("differential.stories", STORIES) : 1;
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                Side redis = new Side(process.port());
                Side holdfast = new Side(server.port())) {
            for (long seed = first; seed < first + stories; seed++) tell(seed, redis, holdfast);
        }
    }

    private static void tell(long seed, Side redis, Side holdfast) throws IOException {
        redis.begin();
        holdfast.begin();
        var dice = new Dice(seed);
        List<Family> families = families();
        Family family = families.get((int) Math.floorMod(seed, (long) families.size()));
        List<List<String>> told = new ArrayList<>();
        while (told.size() < CALLS) {
            List<String> call = (dice.oneIn(8) ? new KeyFamily() : family).next(dice);
            if (LEFT_OUT.contains(call.getFirst().toUpperCase(Locale.ROOT))) continue;
            told.add(call);
            List<String> expected = redis.eventsOf(call);
            List<String> actual = holdfast.eventsOf(call);
            if (!expected.equals(actual))
                fail("-Ddifferential.seed=" + seed + "\n" + shown(told) + expected + "\n" + actual);
        }
    }

    private static String shown(List<List<String>> told) {
        var text = new StringBuilder();
        List<String> last = told.getLast();
        for (List<String> call : told)
            if (call == last || call.stream().skip(1).anyMatch(last::contains))
                text.append(Story.shown(call)).append('\n');
        return text.toString();
    }

    private static List<Family> families() {
        return List.of(
                new StringFamily(),
                new KeyFamily(),
                new HashFamily(),
                new SetFamily(),
                new ZsetFamily(),
                new BitFamily(),
                new LogLogFamily(),
                new GeoFamily(),
                new SortFamily(),
                new ListFamily(),
                new StreamFamily());
    }

    /// One of the two servers, and who listens there.
    private static final class Side implements AutoCloseable {
        private final RespClient client;
        private final RespClient listener;
        private int marks;

        Side(int port) throws IOException {
            client = new RespClient(port);
            listener = new RespClient(port);
            client.call("CONFIG", "SET", "notify-keyspace-events", "KEAmn");
            listener.call("PSUBSCRIBE", "__key*@*__:*");
            listener.call("SUBSCRIBE", "mark");
        }

        void begin() throws IOException {
            client.call("SELECT", "0");
            eventsOf(List.of("FLUSHALL"));
        }

        /// What is told of `call`, in its order.
        List<String> eventsOf(List<String> call) throws IOException {
            boolean isError = client.call(call).isError();
            String mark = "mark-" + marks++;
            assertEquals("1", client.call("PUBLISH", "mark", mark).text());
            List<String> events = new ArrayList<>();
            while (true) {
                List<RespValue> message = listener.read().parts();
                if (message.getLast().text().equals(mark)) break;
                String event = message.get(2).text() + " " + message.get(3).text();
                // Some calls of Redis look twice. One that fails has looked at nothing here.
                boolean isMiss = event.contains("keymiss");
                if (!isMiss || !isError && !events.contains(event)) events.add(event);
            }
            // Elements of a set are looked up in the order in which they happen to lie.
            if (call.getFirst().toUpperCase(Locale.ROOT).startsWith("SORT")) events.sort(null);
            return events;
        }

        @Override
        public void close() throws IOException {
            client.close();
            listener.close();
        }
    }
}
