package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.ProcessTree;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real server opens its database within a bound while the compactor of another process is
/// frozen in the middle of its work, its epoch in its hand, and far too many tables lie in L0.
class OpenBoundTest {
    private static final int TABLES = 40; // five times what the writers wait for
    private static final int KEYS = 30;
    private static final Duration BOUND = Duration.ofSeconds(4); // one table alone waits for longer
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern OPENED = Pattern.compile("database open\\..* ms=`(\\d+)`");

    @TempDir Path folder;

    @Test
    void shouldOpenWithinABoundWhileACompactorHangsAndTablesPileUp() throws Exception {
        try (Bucket bucket = new Bucket()) {
            TreeMap<Bytes, Bytes> model = bucket.fill("db", TABLES, KEYS);
            Process compactor = frozenCompactor(bucket);
            try {
                Conditions telling =
                        Conditions.usual().flag("-Dlogback.configurationFile=logback.xml");
                String[] options = {"--path", "db", "--compaction", "tiered"};
                Path log = folder.resolve("server.log");
                // when
                try (ServerProcess server = telling.start(bucket.url(), log, options);
                        RespClient client = server.connect()) {
                    // then
                    Matcher opened = OPENED.matcher(server.output());
                    assertTrue(opened.find(), server.output());
                    Duration took = Duration.ofMillis(Long.parseLong(opened.group(1)));
                    assertTrue(took.compareTo(BOUND) < 0, took.toString());
                    assertEquals("OK", client.call("SET", "k", "v"));
                    assertEquals(0, server.stop(PATIENCE), server.output());
                }
            } finally {
                ProcessTree.kill(compactor);
            }
            bucket.twin().behave();
            TreeMap<Bytes, Bytes> found = bucket.contents("db");
            assertTrue(found.entrySet().containsAll(model.entrySet()), "rows are missing");
            assertEquals(List.of(), bucket.fsck("db").problems());
        }
    }

    /// A compactor that has begun, and whose first table never gets an answer.
    private Process frozenCompactor(Bucket bucket) throws Exception {
        var reached = new CountDownLatch(1);
        bucket.twin()
                .follow(call -> {
                    boolean isTable =
                            call.operation() == Operation.PUT && call.key().contains("/compacted/");
                    if (!isTable || reached.getCount() == 0) return new Twist.None();
                    reached.countDown();
                    return new Twist.Silence();
                });
        Process process =
                Conditions.ofVerbs()
                        .builder(List.of("compact", "--data", bucket.url(), "--path", "db"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("compact.log").toFile())
                        .start();
        assertTrue(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it never began");
        new ProcessBuilder("kill", "-STOP", "" + process.pid()).start().waitFor();
        return process;
    }
}
