package dev.holdfast.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.app.admin.AdminServer.IfTaken;
import dev.holdfast.app.store.CleanStopFile;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase.Claim;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.redis.RedisOptions;
import dev.holdfast.redis.StopControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole server in this process: it starts, serves, tells how it stands, and stops clean.
class ServerTest {
    @TempDir private Path folder;

    @Test
    void shouldServeAndStopClean() throws Exception {
        // given
        DatabaseLocation data = DatabaseLocation.of(folder.resolve("data").toString(), "");
        Path proof = folder.resolve("data").resolve(CleanStopFile.NAME);
        Server server = server(data);
        server.scope().start();
        // then
        assertFalse(Files.exists(proof));
        assertEquals("+OK\r\n", redis(server, "SET a 1\r\n"));
        assertEquals("200 ready\n", ask(server, "/readyz"));
        assertEquals("200 ok\n", ask(server, "/healthz"));
        assertTrue(ask(server, "/lifecycle").contains("\"state\":\"RUNNING\""));
        assertTrue(ask(server, "/lifecycle").contains("\"gate\":\"redis connections\""));
        assertTrue(ask(server, "/metrics").contains("\nholdfast_seq_applied "));
        // when
        ShutdownReport report =
                server.scope().stop(Mode.SMART, Duration.ofSeconds(30), "the test is over");
        // then
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
        assertTrue(Files.exists(proof));
        assertEquals(0, server.adminPort());
        Server again = server(data);
        again.scope().start();
        assertFalse(Files.exists(proof));
        assertEquals("$1\r\n1\r\n", redis(again, "GET a\r\n"));
        again.scope().stop(Mode.SMART, Duration.ofSeconds(30), "the test is over");
    }

    @Test
    void shouldAnswerOnlyWhatIsAddressedToIt() throws Exception {
        // given
        Server server = server(DatabaseLocation.of("memory:", ""));
        server.scope().start();
        // then
        assertEquals("403", http(server, "GET /readyz HTTP/1.1\r\nHost: evil.example\r\n"));
        assertEquals("405", http(server, "POST /readyz HTTP/1.1\r\nHost: localhost\r\n"));
        assertEquals("404", http(server, "GET /etc HTTP/1.1\r\nHost: localhost\r\n"));
        server.scope().stop(Mode.SMART, Duration.ofSeconds(30), "the test is over");
    }

    private static Server server(DatabaseLocation data) {
        var settings =
                new ServerSettings(
                        data,
                        RedisOptions.defaults().at("127.0.0.1", 0),
                        Settings.defaults(),
                        new ServerSettings.Resources(null, null, null),
                        new ServerSettings.AdminAddress("127.0.0.1", 0, IfTaken.FAIL));
        var hold = new Server.Hold(data.lock(Env.system()), Claim.IF_FREE);
        return new Server(settings, hold, new NoControl(), Env.system());
    }

    private static String redis(Server server, String request) throws IOException {
        return exchange(server.port(), request);
    }

    private static String ask(Server server, String path) throws IOException {
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        String reply = whole(server.adminPort(), request);
        return reply.split(" ")[1] + " " + reply.substring(reply.indexOf("\r\n\r\n") + 4);
    }

    private static String http(Server server, String head) throws IOException {
        return whole(server.adminPort(), head + "Connection: close\r\n\r\n").split(" ")[1];
    }

    private static String exchange(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] reply = new byte[1024];
            int length = socket.getInputStream().read(reply);
            return new String(reply, 0, length, StandardCharsets.US_ASCII);
        }
    }

    private static String whole(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static final class NoControl implements StopControl {
        @Override
        public void stop(Mode mode, String reason) {}

        @Override
        public boolean resume() {
            return false;
        }
    }
}
