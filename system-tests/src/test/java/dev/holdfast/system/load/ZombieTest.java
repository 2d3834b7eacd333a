package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Server after server under load is stopped in the middle of everything (SIGSTOP), taken over by
/// another process, and woken up (SIGCONT): it acknowledges nothing more, and the one that took
/// over is never taken for fenced. In one round of ten the sleep is longer than the age at which a
/// collector, which runs meanwhile, removes what is not needed.
class ZombieTest {
    private static final int CLIENTS = 8;
    private static final int DEPTH = 5;
    private static final int LONG_SLEEP_EVERY = 10;
    private static final Duration MIN_AGE = Duration.ofSeconds(5);
    private static final Duration LOAD = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    private final long seed = Long.getLong("zombie.seed", System.nanoTime());
    private final Ledger ledger = new Ledger(seed, CLIENTS);
    private Path data;
    private ServerProcess incumbent;
    private int zombieAcknowledgements;
    private int falseFencings;
    private long acknowledged;
    private long collected;

    @AfterEach
    void endServer() {
        if (incumbent != null) incumbent.close();
    }

    @Test
    @Tag("MAN-02")
    @Tag("SRV-04")
    void shouldAcknowledgeNothingAfterATakeOverOverTenZombies() throws IOException {
        wakeZombies(10);
    }

    @Test
    @Tag("long")
    @Tag("MAN-02")
    @Tag("SRV-04")
    void shouldAcknowledgeNothingAfterATakeOverOverTwoHundredZombies() throws IOException {
        wakeZombies(200);
        Figures.record("zombie writers woken after a take-over, 0 acknowledgements by them", 200);
        Figures.record("of those, asleep for longer than the collector's least age", 20);
        Figures.record("writes acknowledged before those take-overs, none lost", acknowledged);
        Figures.record("objects collected meanwhile", collected);
    }

    private void wakeZombies(int rounds) throws IOException {
        System.out.println("zombie.seed=" + seed);
        data = Files.createDirectories(folder.resolve("data"));
        incumbent = ServerProcess.start(data, "--l0-sst-size", "64KiB");
        for (int round = 1; round <= rounds; round++) {
            boolean isLong = round % LONG_SLEEP_EVERY == 0;
            takeOver(isLong ? MIN_AGE.plusSeconds(1) : Duration.ofMillis(round % 7 * 30));
        }
        assertEquals(0, incumbent.stop(PATIENCE), this::output);
        assertEquals(0, zombieAcknowledgements, "zombie.seed=" + seed);
        assertEquals(0, falseFencings, this::output);
        assertTrue(rounds < acknowledged, "acknowledged: " + acknowledged);
        assertTrue(0 < collected, "nothing was collected");
    }

    private void takeOver(Duration sleep) throws IOException {
        ServerProcess zombie = incumbent;
        requireNotFenced(zombie);
        var fleet = new Fleet(zombie, ledger.tracks(), DEPTH, null).start(0);
        zombie.awaitExit(LOAD);
        signal(zombie, "STOP");
        incumbent = ServerProcess.start(data, "--take-over", "--l0-sst-size", "64KiB");
        if (MIN_AGE.compareTo(sleep) < 0) sleepBesideACollector(sleep);
        else incumbent.awaitExit(sleep);
        // when: it wakes up with its pipelines still full
        signal(zombie, "CONT");
        probe(zombie);
        zombie.awaitExit(Duration.ofMillis(300));
        zombie.kill();
        Fleet.Ends ends = fleet.join();
        // then
        assertEquals(List.of(), ends.wrong(), "zombie.seed=" + seed);
        acknowledged += ends.acknowledged();
        List<Map<String, String>> found = ledger.read(incumbent);
        ledger.checkKept(found, acknowledgedByClient());
        ledger.turn(found);
    }

    private void sleepBesideACollector(Duration sleep) throws IOException {
        long wake = System.nanoTime() + sleep.toNanos();
        while (System.nanoTime() - wake < 0) {
            fillTables();
            incumbent.awaitExit(Duration.ofSeconds(1));
        }
        String age = MIN_AGE.toSeconds() + "s";
        var gc = List.of("gc", "--data", Databases.url(data), "--min-age", age);
        var ended = Tools.run(folder, ServerProcess.command(gc));
        assertEquals(0, ended.code(), ended.err());
        collected += Math.max(0, ended.out().lines().count() - 1);
    }

    // So that the one that took over writes manifests, and needs the older log no more.
    private void fillTables() throws IOException {
        String value = "x".repeat(8 << 10);
        try (RespClient client = incumbent.connect()) {
            for (int i = 0; i < 20; i++)
                if (!"OK".equals(client.call("SET", "filler " + i, value))) falseFencings++;
        }
    }

    /// A write that is sent after the take-over.
    private void probe(ServerProcess zombie) {
        try (RespClient client = zombie.connect()) {
            if ("OK".equals(client.call("SET", "probe", "zombie"))) zombieAcknowledgements++;
        } catch (IOException gone) {
            // as it should be
        }
    }

    private void requireNotFenced(ServerProcess server) {
        try (RespClient client = server.connect()) {
            Object reply = client.call("SET", "probe", "incumbent " + server.pid());
            if (!"OK".equals(reply)) falseFencings++;
        } catch (IOException gone) {
            falseFencings++;
        }
    }

    private Map<Integer, Integer> acknowledgedByClient() {
        return ledger.tracks().stream()
                .collect(Collectors.toMap(Track::client, Track::acknowledged));
    }

    private void signal(ServerProcess server, String name) {
        var ended = Tools.run(folder, List.of("kill", "-" + name, Long.toString(server.pid())));
        assertEquals(0, ended.code(), ended.err());
    }

    private String output() {
        try {
            return "zombie.seed=" + seed + "\n" + incumbent.output();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
