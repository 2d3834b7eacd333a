package dev.holdfast.lifecycle.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Against a receiver that is not ours: Python's datagram sockets.
@Timeout(60)
class SupervisorTest {
    private static final long PID = 4711;

    private Process receiver;
    private BufferedReader received;

    @TempDir private Path folder;

    private void receiveAt(String name) throws IOException {
        assumeTrue(Receiver.isThere(), "SKIPPED: there is no python3 to receive datagrams");
        receiver = Receiver.at(name);
        received = receiver.inputReader(UTF_8);
        assertEquals("bound", received.readLine());
    }

    @AfterEach
    void end() {
        if (receiver != null) receiver.destroyForcibly();
    }

    @Test
    void shouldTellAServiceManagerHowItGoes() throws Exception {
        // given
        String name = folder.resolve("notify").toString();
        receiveAt(name);
        Supervisor supervisor =
                Supervisor.of(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "3000000"), PID);
        // when
        supervisor.ready();
        supervisor.alive();
        supervisor.stopping(Duration.ofSeconds(5), "stopping");
        supervisor.stopping(Duration.ofSeconds(5), "told once");
        supervisor.extend(Duration.ofMillis(1500), "DRAIN\nof all");
        // then
        assertEquals("READY=1|STATUS=running", received.readLine());
        assertEquals("WATCHDOG=1", received.readLine());
        assertEquals("STOPPING=1|EXTEND_TIMEOUT_USEC=5000000|STATUS=stopping", received.readLine());
        assertEquals("EXTEND_TIMEOUT_USEC=1500000|STATUS=DRAIN of all", received.readLine());
        assertEquals(Duration.ofMillis(1500), supervisor.alivePeriod());
    }

    @Test
    void shouldReachAnAbstractName() throws Exception {
        String name = "@holdfast-test-" + ProcessHandle.current().pid();
        receiveAt(name);
        Supervisor.of(Map.of("NOTIFY_SOCKET", name), PID).status("here");
        assertEquals("STATUS=here", received.readLine());
    }

    @Test
    void shouldDoNothingWhereThereIsNoServiceManager() {
        Supervisor alone = Supervisor.of(Map.of("WATCHDOG_USEC", "3000000"), PID);
        alone.ready();
        assertNull(alone.alivePeriod());
    }

    @Test
    void shouldNotBeHurtByAnAddressWhereNobodyListensOrThatIsNone() {
        String nobody = folder.resolve("nobody").toString();
        Supervisor.of(Map.of("NOTIFY_SOCKET", nobody), PID).ready();
        Supervisor.of(Map.of("NOTIFY_SOCKET", "x".repeat(200)), PID).ready();
        Supervisor.of(Map.of("NOTIFY_SOCKET", "vsock:2:1234"), PID).ready();
    }

    @Test
    void shouldLeaveTheWatchdogOfAnotherProcessAlone() {
        Map<String, String> environment =
                Map.of(
                        "NOTIFY_SOCKET",
                        folder.resolve("x").toString(),
                        "WATCHDOG_USEC",
                        "3000000",
                        "WATCHDOG_PID",
                        "1");
        assertNull(Supervisor.of(environment, PID).alivePeriod());
    }
}
