package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.Engine;
import dev.holdfast.s3.CephGateway;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.disk.CommitProcess.Place;
import dev.holdfast.system.process.Passage;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real process commits for `-Dendurance.minutes` on a small real disk, in front of a bucket over
/// HTTP: outages of a thirtieth of a minute, a minute and five of thirty, one send in ten torn and
/// bodies that crawl, a full disk, and kills. The bucket is that of Ceph with
/// `-Dendurance.ceph=true`, else the double of S3.
@Tag("long")
@Tag("loop-disk")
@Timeout(value = 57 * 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalEnduranceTest {
    private static final long SECONDS = 60 * Long.getLong("endurance.minutes", 2);
    private static final ByteSize MEMORY_MAX = ByteSize.mebibytes(768); // of 256 MiB heap
    private static final int DISK_MEBIBYTES = 96;
    private static final ByteSize LOG_MAX = ByteSize.mebibytes(24);
    private static final Duration DRAIN_MAX = Duration.ofMinutes(2);
    private static final Duration OPENING_MAX = Duration.ofMinutes(2);
    private static final CommitSettings SETTINGS = new CommitSettings(100, 256, 1024, 5, 16);

    @TempDir Path folder;

    private final long seed = Long.getLong("endurance.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Acks acks = new Acks();
    private Place place;
    private Passage way;
    private @Nullable CommitProcess process;
    private int kills;
    private int outages;
    private List<String> lastWords = List.of(); // of one that ended by itself
    private long memoryMost;
    private long logMost;
    private long directoryMost;

    @Test
    @Tag("OBJ-20")
    @Tag("LOC-06")
    void shouldLoseNothingWhateverTheBucketAndTheDiskDo() throws Exception {
        System.out.println("endurance.seed=" + seed);
        boolean isCeph = Boolean.getBoolean("endurance.ceph");
        CephGateway ceph = isCeph ? CephGateway.start(folder.resolve("ceph")) : null;
        try (S3Twin twin = S3Twin.start();
                Passage passage = Passage.to(ceph == null ? twin.endpoint() : ceph.endpoint());
                LoopDisk disk = disk()) {
            way = passage;
            String bucket = "s3://bucket/endurance?endpoint=" + passage.endpoint();
            place = new Place(disk.root().resolve("local"), bucket);
            endure(disk.root());
            judge();
        } finally {
            if (process != null) process.close();
            if (ceph != null) ceph.stop();
        }
    }

    private LoopDisk disk() throws IOException {
        return LoopDisk.assume(folder, "disk", DISK_MEBIBYTES, "mkfs.ext4", "-q", "-F");
    }

    private void endure(Path disk) throws Exception {
        while (process == null) restart();
        process.awaitOpen();
        goOnFor(part(120));
        for (int outage : new int[] {1, 60, 300}) {
            way.swallow();
            outages++;
            goOnFor(Math.max(1, part(outage)));
            way.heal();
            goOnFor(part(120));
        }
        way.disturb(0.1, Duration.ofMillis(5));
        goOnFor(part(480));
        way.heal();
        Path ballast = disk.resolve("ballast");
        fill(ballast);
        goOnFor(part(60));
        Files.delete(ballast);
        goOnFor(part(300));
        // dies with the bucket out of reach, and a tail
        way.swallow();
        outages++;
        goOnFor(part(60));
        restart();
        way.heal();
        goOnFor(part(180));
    }

    private static long part(long secondsOfHalfAnHour) {
        return secondsOfHalfAnHour * SECONDS / 1800;
    }

    private void goOnFor(long seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            look();
            CommitProcess running = process;
            if (running == null || !running.isAlive() || random.nextInt(60) == 0) restart();
        }
    }

    private void look() throws IOException {
        if (process != null) memoryMost = Math.max(memoryMost, process.residentBytes());
        long log = 0;
        long directory = 0;
        var files = place.local().toFile().listFiles();
        if (files != null)
            for (var file : files) {
                directory += file.length();
                if (!file.getName().startsWith("table")) log += file.length();
            }
        directoryMost = Math.max(directoryMost, directory);
        logMost = Math.max(logMost, log);
    }

    private void restart() throws Exception {
        if (process != null) {
            if (process.isAlive()) kills++;
            else lastWords = process.said();
            process.kill();
        }
        acks.forgetUnawaited();
        process = CommitProcess.start(List.of(), place, SETTINGS, acks);
    }

    // One whose opening has failed is started once more, as all along.
    private CommitProcess opened() throws Exception {
        long giveUp = System.nanoTime() + OPENING_MAX.toNanos();
        while (true) {
            CommitProcess running = process;
            if (running != null && running.isOpen()) return running;
            if (running == null || !running.isAlive()) restart();
            if (giveUp - System.nanoTime() < 0) throw new AssertionError(whyClosed());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private String whyClosed() throws IOException, InterruptedException {
        CommitProcess running = process;
        String words = "it does not open, the last that ended said: " + lastWords;
        if (running == null || !running.isAlive()) return words;
        return words
                + "; this one: "
                + running.said()
                + "\n"
                + running.threads(folder.resolve("threads"));
    }

    private void judge() throws Exception {
        // then: all lanes go on once everything is well, the remote one too
        CommitProcess last = opened();
        last.awaitBeyond(acks.lasts(), 20);
        last.kill();
        ServerProcess.STORE_CREDENTIALS.forEach(LocalEnduranceTest::setCredential);
        try (var bucket = CommitSettings.bucket(place.bucket())) {
            try (var reader = Engine.openReader(bucket, CommitSettings.PATH)) {
                Judge.requireKept(reader, acks.lasts(), acks, Reach.BUCKET_ALONE, "seed " + seed);
            }
            int[] found;
            long before = System.nanoTime();
            try (var db = SETTINGS.open(bucket, place.local())) {
                found =
                        Judge.requireKept(
                                db, acks.lasts(), acks, Reach.DISK_AND_BUCKET, "seed " + seed);
                db.flush();
                var status = db.local();
                assertNotNull(status);
                assertEquals(0, status.exposure().bytes(), "backlog");
            }
            Duration drained = Duration.ofNanos(System.nanoTime() - before);
            assertTrue(drained.compareTo(DRAIN_MAX) < 0, "drained in " + drained);
            // and: the bucket alone has it all
            try (var reader = Engine.openReader(bucket, CommitSettings.PATH)) {
                assertEquals(Lane.rowsUpTo(found), Judge.rows(reader));
            }
        }
        System.out.printf(
                "endurance: %d s, %d outages, %d kills, %d durable commits, memory %d MiB,"
                        + " log %d KiB, directory %d KiB%n",
                SECONDS,
                outages,
                kills,
                acks.durable(),
                memoryMost >> 20,
                logMost >> 10,
                directoryMost >> 10);
        assertTrue(memoryMost < MEMORY_MAX.bytes(), "memory: " + memoryMost);
        assertTrue(logMost < LOG_MAX.bytes(), "log: " + logMost);
        boolean isCeph = Boolean.getBoolean("endurance.ceph");
        String what = "endurance before " + (isCeph ? "Ceph" : "the double of S3") + ": ";
        Figures.record(what + "minutes of faults, 0 commits lost", SECONDS / 60);
        Figures.record(what + "commits acknowledged as local or remote", acks.durable());
        Figures.record(what + "kills", kills);
    }

    private static void setCredential(String name, String value) {
        if (name.equals("AWS_ACCESS_KEY_ID")) System.setProperty("aws.accessKeyId", value);
        if (name.equals("AWS_SECRET_ACCESS_KEY")) System.setProperty("aws.secretAccessKey", value);
    }

    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[4096];
        try (var file = new RandomAccessFile(ballast.toFile(), "rw")) {
            while (true) file.write(block);
        } catch (IOException full) {
            assertEquals("No space left on device", full.getMessage());
        }
    }
}
