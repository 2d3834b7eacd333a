package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.WallClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The wall clock of the real server jumps, there and back, and stands still: what has time left
/// stays, ids go up, and writes are acknowledged as ever.
class WallClockTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ULID_TIME = 10; // the letters of its time
    private static final long WEEK_SECONDS = 7 * 86_400;
    private static final String FILLER = "f".repeat(10_000);

    @TempDir Path folder;

    private final Queue<String> put = new ConcurrentLinkedQueue<>();

    private ServerProcess start(WallClock clock, Bucket bucket) throws IOException {
        Conditions conditions = clock.under(Conditions.usual());
        Path log = folder.resolve("server.log");
        String[] options = {"--path", "db", "--l0-sst-size", "8KiB", "--compaction", "off"};
        return conditions.start(bucket.url(), log, options);
    }

    @Test
    @Tag("SRV-07")
    void shouldKeepWhatHasTimeLeftAndCountUpWhateverItsClockShows() throws IOException {
        WallClock clock = WallClock.assume(folder);
        try (Bucket bucket = new Bucket()) {
            bucket.twin()
                    .follow(call -> {
                        if (call.operation() == Operation.PUT) put.add(call.key());
                        return new Twist.None();
                    });
            try (ServerProcess server = start(clock, bucket);
                    RespClient client = server.connect()) {
                writeWithLifetimes(client);
                // when, then
                for (Duration jump : List.of(HOUR, HOUR.negated(), DAY, DAY.negated())) {
                    clock.shift(jump);
                    write(client, "at " + jump);
                    clock.shift(Duration.ZERO);
                    write(client, "back from " + jump);
                }
                clock.freeze(Duration.ofMinutes(-5));
                write(client, "frozen");
                clock.shift(Duration.ZERO);
                // an hour was more than a minute, if anybody looked; a day was less than a week
                Object minute = client.call("GET", "for a minute");
                assertTrue(minute == null || minute.equals("1"), "minute=" + minute);
                long left = (Long) client.call("TTL", "for a week");
                assertTrue(WEEK_SECONDS - 600 < left && left <= WEEK_SECONDS, "left=" + left);
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
            // then
            for (String kind : List.of("/wal/", "/manifest/", "/compacted/")) checkRising(kind);
            assertEquals(List.of(), bucket.fsck("db").problems());
        }
    }

    @Test
    @Tag("SRV-07")
    void shouldNotMergeAwayWhatHasTimeLeftUnderAClockThatIsAMonthAhead() throws IOException {
        WallClock clock = WallClock.assume(folder);
        try (Bucket bucket = new Bucket()) {
            // given
            try (ServerProcess server = start(clock, bucket);
                    RespClient client = server.connect()) {
                writeWithLifetimes(client);
                for (int i = 0; i < 3; i++) write(client, "filler " + i);
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
            // when
            clock.shift(DAY.multipliedBy(30));
            Conditions ahead = clock.under(Conditions.ofVerbs());
            String[] words = {
                "compact", "--style", "everything", "--data", bucket.url(), "--path", "db"
            };
            var merged = ahead.run(folder, words);
            assertEquals(0, merged.code(), merged.err());
            // then
            clock.shift(Duration.ZERO);
            try (ServerProcess server = start(clock, bucket);
                    RespClient client = server.connect()) {
                assertEquals("1", client.call("GET", "for a week"));
                assertEquals("1", client.call("GET", "for ever"));
            }
            assertEquals(List.of(), bucket.fsck("db").problems());
        }
    }

    private static void writeWithLifetimes(RespClient client) throws IOException {
        assertEquals("OK", client.call("SET", "for ever", "1"));
        assertEquals("OK", client.call("SET", "for a week", "1", "EX", "" + WEEK_SECONDS));
        assertEquals("OK", client.call("SET", "for a minute", "1", "EX", "60"));
    }

    /// More than a memtable holds.
    private static void write(RespClient client, String key) throws IOException {
        assertEquals("OK", client.call("SET", key, FILLER));
        assertEquals(FILLER, client.call("GET", key));
        assertEquals("1", client.call("GET", "for ever"));
        assertEquals("1", client.call("GET", "for a week"), key);
    }

    /// Objects of that kind come in the order of their numbers, tables in that of the times in
    /// their names.
    private void checkRising(String kind) {
        List<String> ids =
                put.stream()
                        .filter(key -> key.contains(kind))
                        .map(key -> key.substring(key.lastIndexOf('/') + 1))
                        .map(id -> kind.equals("/compacted/") ? id.substring(0, ULID_TIME) : id)
                        .toList();
        assertTrue(3 < ids.size(), ids.toString());
        assertEquals(ids.stream().sorted().toList(), ids);
    }
}
