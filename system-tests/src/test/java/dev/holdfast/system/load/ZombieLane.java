package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// One database whose servers, one after the other, are frozen under load, taken over, and woken
/// up.
///
/// Not thread-safe. Close it: that ends its last server.
final class ZombieLane implements AutoCloseable {
    /// What a collector beside a sleeping server removes is at least so old.
    static final Duration MIN_AGE = Duration.ofSeconds(5);

    private static final int CLIENTS = 8;
    private static final int DEPTH = 5;
    private static final Duration LOAD = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    // Of all lanes: more processes that start at a time would only hold one another up.
    private static final Semaphore STARTS = new Semaphore(2);

    private final Path folder;
    private final long seed;
    private final Ledger ledger;
    private final Path data;
    private ServerProcess incumbent;
    private int zombieAcknowledgements;
    private int falseFencings;
    private long acknowledged;
    private long collected;

    ZombieLane(Path folder, long seed) throws IOException {
        this.folder = folder;
        this.seed = seed;
        ledger = new Ledger(seed, CLIENTS);
        data = Files.createDirectories(folder.resolve("data"));
        incumbent = started();
    }

    private ServerProcess started(String... options) throws IOException {
        var all = new ArrayList<>(List.of("--l0-sst-size", "64KiB", "--durability", "remote"));
        all.addAll(List.of(options));
        STARTS.acquireUninterruptibly();
        try {
            return ServerProcess.start(data, all.toArray(String[]::new));
        } finally {
            STARTS.release();
        }
    }

    /// What has been counted.
    ///
    /// @param acknowledged writes before the take-overs
    /// @param collected objects, beside sleeping servers
    record Count(long acknowledged, long collected) {
        Count plus(Count other) {
            return new Count(acknowledged + other.acknowledged, collected + other.collected);
        }
    }

    /// Stops the last server, and judges.
    Count finish() throws IOException {
        assertEquals(0, incumbent.stop(PATIENCE), this::output);
        assertEquals(0, zombieAcknowledgements, "zombie.seed=" + seed);
        assertEquals(0, falseFencings, this::output);
        return new Count(acknowledged, collected);
    }

    /// One round: the server is frozen for `sleep`, and longer for as long as the next one takes to
    /// start. Beyond [#MIN_AGE] a collector runs meanwhile.
    void takeOver(Duration sleep) throws IOException {
        requireNotFenced(incumbent);
        Fleet.Ends ends;
        try (ServerProcess zombie = incumbent) {
            var fleet = new Fleet(zombie, ledger.tracks(), DEPTH, null).start(0);
            zombie.awaitExit(LOAD);
            signal(zombie, "STOP");
            incumbent = started("--take-over");
            if (MIN_AGE.compareTo(sleep) < 0) sleepBesideACollector(sleep);
            else incumbent.awaitExit(sleep);
            // when: it wakes up with its pipelines still full
            signal(zombie, "CONT");
            probe(zombie);
            zombie.awaitExit(Duration.ofMillis(300));
            zombie.kill();
            ends = fleet.join();
        }
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

    @Override
    public void close() {
        incumbent.close();
    }
}
