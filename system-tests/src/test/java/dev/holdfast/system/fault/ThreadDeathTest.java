package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.agent.Death;
import dev.holdfast.system.agent.FaultAgent;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A thread of the real server dies: without it nothing is served, so the process ends, soon and
/// with a code that says so; what it acknowledged is there afterwards.
class ThreadDeathTest {
    private static final String ENGINE = "dev.holdfast.engine.";
    private static final Duration SOON = Duration.ofSeconds(45); // a stop's time and the watchdog's
    private static final int VALUE = 1000;

    @TempDir Path folder;

    private Path trigger() {
        return folder.resolve("die");
    }

    private ServerProcess start(String flag, String... more) throws IOException {
        Conditions conditions = Conditions.usual().flag(flag);
        for (String each : more) conditions = conditions.flag(each);
        Path log = folder.resolve("server.log");
        return conditions.start(url(), log, "--l0-sst-size", "16KiB", "--local", "off");
    }

    private String url() throws IOException {
        return Databases.url(Files.createDirectories(folder.resolve("data")));
    }

    @ParameterizedTest
    @CsvSource({
        "write.PlaceInL0,await,STACK_OVERFLOW,27",
        "wal.WalPutter,put,ERROR,27",
        "wal.WalPutter,put,OUT_OF_MEMORY,27",
    })
    @Tag("SRV-05")
    void shouldEndWhenAThreadThatWritesHasDied(
            String type, String method, Death.Kind kind, int code) throws IOException {
        String flag = FaultAgent.flag(folder, ENGINE + type, method, kind, trigger());
        int acknowledged;
        try (ServerProcess server = start(flag, "-Xmx128m")) {
            assertTrue(0 < writeUntilRefused(server, 0, 20));
            // when
            Files.createFile(trigger());
            acknowledged = 20 + writeUntilRefused(server, 20, 5000);
            // then: no port without a server behind it
            assertTrue(server.awaitExit(SOON), server.output());
            assertEquals(code, server.exitCode(), server.output());
            assertThrows(IOException.class, server::connect);
        }
        Files.delete(trigger());
        try (ServerProcess server = start(flag);
                RespClient client = server.connect()) {
            for (int i = 0; i < acknowledged; i++)
                assertEquals(value(i), client.call("GET", "k" + i), "of " + acknowledged);
        }
    }

    @Test
    @Tag("SRV-05")
    void shouldEndAtOnceWithoutMemoryAsTheLauncherStartsIt() throws IOException {
        String flag =
                FaultAgent.flag(
                        folder,
                        ENGINE + "wal.WalPutter",
                        "put",
                        Death.Kind.OUT_OF_MEMORY,
                        trigger());
        try (ServerProcess server = start(flag, "-Xmx96m", "-XX:+ExitOnOutOfMemoryError")) {
            Files.createFile(trigger());
            writeUntilRefused(server, 0, 1);
            assertTrue(server.awaitExit(Duration.ofSeconds(20)), server.output());
            assertEquals(3, server.exitCode(), server.output()); // the JVM's own
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Dispatcher,run,BITCOUNT k", // runs on the client's own thread
        "Dispatcher,lookInPassing,GET k", // on an event loop
        "Dispatcher,runAtOnce,SET k v", // there, too, once the process is quick enough
        "Dispatcher,runInPassing,GETRANGE k 0 -1",
        "SharedTurn,begin,GET k",
        "SharedTurn,answer,GET k",
        "SharedTurn,end,GET k",
    })
    @Tag("SRV-05")
    void shouldServeAllOthersWhenTheThreadOfOneClientHasDied(
            String type, String method, String call) throws IOException {
        String place = "dev.holdfast.redis.dispatch." + type;
        String flag = FaultAgent.flag(folder, place, method, Death.Kind.STACK_OVERFLOW, trigger());
        try (ServerProcess server = start(flag);
                RespClient other = server.connect()) {
            try (RespClient client = server.connect()) {
                assertEquals("OK", client.call("SET", "k", "v"));
                Files.createFile(trigger());
                callUntilItFails(client, call.split(" "));
            }
            Files.delete(trigger());
            assertEquals("v", other.call("GET", "k"));
            try (RespClient next = server.connect()) {
                assertEquals("v", next.call("GET", "k"));
            }
        }
    }

    // Where a call runs may depend on how long others took: it comes to the place in the end.
    private static void callUntilItFails(RespClient client, String... words) {
        long deadline = System.nanoTime() + SOON.toNanos();
        Object reply;
        do reply = call(client, words);
        while (reply != null
                && !(reply instanceof RespClient.Failure)
                && System.nanoTime() < deadline);
        assertTrue(reply == null || reply instanceof RespClient.Failure, "" + reply);
    }

    // Null where the connection ended.
    private static Object call(RespClient client, String... words) {
        try {
            return client.call(words);
        } catch (IOException ended) {
            return null;
        }
    }

    /// Writes `k<from>` and so on until one is not acknowledged; returns how many were.
    private static int writeUntilRefused(ServerProcess server, int from, int most) {
        int acknowledged = 0;
        try (RespClient client = server.connect()) {
            while (acknowledged < most
                    && "OK"
                            .equals(
                                    client.call(
                                            "SET",
                                            "k" + (from + acknowledged),
                                            value(from + acknowledged)))) acknowledged++;
        } catch (IOException ended) {
            // so has the server
        }
        return acknowledged;
    }

    private static String value(int number) {
        return number + "x".repeat(VALUE);
    }
}
