package dev.holdfast.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.lifecycle.supervisor.Receiver;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real processes, real signals, real exit codes.
@Timeout(60)
class KernelProcessTest {
    private static final long LIFE_SECONDS_MAX = 50;

    private final Map<String, String> environment = new HashMap<>();
    private Process process;
    private Process receiver;
    private BufferedReader out;
    private long stopAtNanos;

    private void launch(String fault, long budgetMillis, String... jvmFlags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(jvmFlags));
        String own = System.getProperty("java.class.path");
        command.addAll(List.of("-cp", System.getProperty("holdfast.child.classpath", own)));
        command.addAll(List.of(ChildService.class.getName(), fault, Long.toString(budgetMillis)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        endInTime(process);
        out = process.inputReader(UTF_8);
        stopAtNanos = System.nanoTime();
    }

    // A read from a process that stays is not ended by the timeout of a test.
    private static void endInTime(Process child) {
        child.onExit()
                .orTimeout(LIFE_SECONDS_MAX, TimeUnit.SECONDS)
                .exceptionally(late -> child.destroyForcibly());
    }

    private void awaitReady() throws IOException {
        String line = out.readLine();
        while (line != null && !line.equals("ready")) line = out.readLine();
        assertEquals("ready", line);
        stopAtNanos = System.nanoTime();
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    private void passMoreThanASecond() throws InterruptedException {
        process.waitFor(1_100, TimeUnit.MILLISECONDS); // equal signals within a second count once
    }

    /// The exit code, a space, and everything that was written.
    private String end(Duration within) throws IOException, InterruptedException {
        String written = String.join("\n", out.readAllLines());
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), written);
        long tookMillis = (System.nanoTime() - stopAtNanos) / 1_000_000;
        assertTrue(tookMillis <= within.toMillis(), "took " + tookMillis + " ms\n" + written);
        return process.exitValue() + " " + written;
    }

    private static void assertContains(String written, String... parts) {
        for (String part : parts) assertTrue(written.contains(part), part + " not in\n" + written);
    }

    @AfterEach
    void killTheRest() {
        if (process != null) process.destroyForcibly();
        if (receiver != null) receiver.destroyForcibly();
    }

    @Test
    void shouldExitCleanlyOnTerm() throws Exception {
        launch("none", 5_000);
        awaitReady();
        signal("TERM");
        assertContains(
                end(Duration.ofSeconds(3)), "0 stop of child: clean", "\"exitCode\":0", "SIGTERM");
    }

    @Test
    void shouldStopFastOnInt() throws Exception {
        launch("slow", 20_000);
        awaitReady();
        signal("INT");
        assertContains(end(Duration.ofSeconds(10)), "mode FAST", "SIGINT");
    }

    @Test
    @Tag("LIFE-12")
    void life12ShouldNameTheCulpritWhenADrainHangs() throws Exception {
        launch("drain-hangs", 3_000);
        awaitReady();
        signal("TERM");
        assertContains(
                end(Duration.ofSeconds(5)),
                "22 stop of child",
                "abandoned: culprit",
                "ChildService.hang",
                "leaked: disk");
    }

    @Test
    @Tag("LIFE-12")
    void life12ShouldHaltByTheWatchdogWhenNoThreadGetsToRun() throws Exception {
        launch("spin", 1_000, "-Djdk.virtualThreadScheduler.maxPoolSize=2");
        awaitReady();
        signal("TERM");
        assertContains(end(Duration.ofSeconds(4)), "culprit");
    }

    @Test
    void shouldRaiseTheModeOnASecondTerm() throws Exception {
        launch("slow", 20_000);
        awaitReady();
        signal("TERM");
        passMoreThanASecond();
        signal("TERM");
        assertContains(end(Duration.ofSeconds(10)), "mode FAST");
    }

    @Test
    @Tag("LIFE-20")
    void life20ShouldHaltOnAThirdTerm() throws Exception {
        launch("drain-hangs", 30_000);
        awaitReady();
        signal("TERM");
        passMoreThanASecond();
        signal("TERM");
        passMoreThanASecond();
        stopAtNanos = System.nanoTime();
        signal("TERM");
        assertContains(end(Duration.ofSeconds(1)), "24 ", "immediate");
    }

    @Test
    void shouldCountEqualSignalsWithinASecondOnce() throws Exception {
        launch("slow", 3_000);
        awaitReady();
        signal("TERM");
        signal("TERM");
        signal("TERM");
        assertContains(end(Duration.ofSeconds(5)), "mode SMART");
    }

    @Test
    @Tag("LIFE-19")
    void life19ShouldAbortAHangingStart() throws Exception {
        launch("start-hangs", 3_000);
        awaitReady();
        signal("TERM");
        assertContains(end(Duration.ofSeconds(5)), "26 ", "abandoned: culprit", "leaked: disk");
    }

    @Test
    @Tag("LIFE-12")
    @Tag("LIFE-19")
    @Tag("INC-3")
    void life12ShouldHaltWhenMainHangsBeforeItRunsTheScope() throws Exception {
        launch("early", 500);
        awaitReady();
        signal("TERM");
        String end = end(Duration.ofSeconds(4));
        assertContains(end, "23 ", "halted by the watchdog");
        assertFalse(end.contains("Exception"), end);
    }

    @Test
    void shouldExitWith25WhenTheStartFails() throws Exception {
        launch("start-throws", 3_000);
        assertContains(end(Duration.ofSeconds(10)), "25 ", "no port", "start failed");
    }

    @Test
    void shouldExitWith27WhenATaskDies() throws Exception {
        launch("task-dies", 3_000);
        assertContains(end(Duration.ofSeconds(10)), "27 ", "culprit failed", "broken");
    }

    @Test
    void shouldExitWith22WhenPersistFails() throws Exception {
        launch("persist-throws", 3_000);
        awaitReady();
        signal("TERM");
        assertContains(end(Duration.ofSeconds(5)), "22 ", "failed: culprit", "no bucket");
    }

    @Test
    void shouldTellHowTheStopGoesAndWhyItIsStuckWhenAsked() throws Exception {
        launch("slow", 12_000);
        awaitReady();
        signal(Kernel.INQUIRY_SIGNAL);
        String line = out.readLine();
        assertEquals("nothing waits", line);
        signal("TERM");
        while (line != null && !line.startsWith("stopping child: DRAIN, ")) line = out.readLine();
        assertTrue(line != null && line.endsWith(" of 12.0 s left"), line);
        signal(Kernel.INQUIRY_SIGNAL);
        while (line != null && !line.startsWith("wait: ")) line = out.readLine();
        assertTrue(line != null && line.contains("DRAIN of child"), line);
        assertTrue(end(Duration.ofSeconds(12)).startsWith("0 "));
    }

    @Test
    void shouldGoOnWhenAStopIsTakenBackAndTakeTheNextSignalForTheFirst() throws Exception {
        launch("taken-back", 20_000);
        awaitReady();
        signal("TERM");
        // The page and who reads the report are told by threads of their own, in either order.
        boolean isPageThere = false;
        boolean isReportThere = false;
        while (!isPageThere || !isReportThere) {
            String line = out.readLine();
            assertNotNull(line, "it has ended");
            isPageThere |= line.startsWith("stop of child: taken back");
            isReportThere |= line.contains("\"ending\":\"TAKEN_BACK\"");
        }
        assertTrue(process.isAlive());
        signal("TERM");
        assertContains(end(Duration.ofSeconds(10)), "0 ", "mode SMART", "stop of child: clean");
    }

    @Test
    void shouldTellTheServiceManagerHowItGoes(@TempDir Path folder) throws Exception {
        assumeTrue(Receiver.isThere(), "SKIPPED: there is no python3 to receive datagrams");
        String socket = folder.resolve("notify").toString();
        receiver = Receiver.at(socket);
        endInTime(receiver);
        BufferedReader received = receiver.inputReader(UTF_8);
        assertEquals("bound", received.readLine());
        environment.put("NOTIFY_SOCKET", socket);
        environment.put("WATCHDOG_USEC", "400000");
        launch("slow", 16_000, "--enable-native-access=ALL-UNNAMED");
        assertEquals("STATUS=starting", nextBut("WATCHDOG=1", received));
        assertEquals("READY=1|STATUS=running", nextBut("WATCHDOG=1", received));
        assertEquals("WATCHDOG=1", received.readLine());
        signal("TERM");
        String stopping = "STOPPING=1|EXTEND_TIMEOUT_USEC=10000000|STATUS=stopping";
        assertEquals(stopping, nextBut("WATCHDOG=1", received));
        assertTrue(end(Duration.ofSeconds(60)).startsWith("0 "));
        List<String> told = received.readAllLines();
        // While it does not move, it gets no more time.
        String stuck = "STATUS=stopping child: DRAIN, ";
        assertTrue(told.stream().anyMatch(line -> line.startsWith(stuck)), told.toString());
        assertEquals("STATUS=stopped: clean", told.getLast());
    }

    private static String nextBut(String skipped, BufferedReader received) throws IOException {
        String line = received.readLine();
        while (skipped.equals(line)) line = received.readLine();
        return line;
    }

    @Test
    void shouldRunWithoutSignalsUnderXrs() throws Exception {
        launch("none", 3_000, "-Xrs");
        awaitReady();
        signal("TERM");
        assertTrue(end(Duration.ofSeconds(5)).startsWith("143 "));
    }
}
