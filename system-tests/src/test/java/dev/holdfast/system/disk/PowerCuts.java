package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A process that commits through a local log on real disks, whose power is cut at instants that
/// nobody chose, while it opens, commits, changes segments, is killed and comes back. What each cut
/// leaves is mounted and opened, and judged by what the process had said before the cut.
final class PowerCuts {
    private static final int LIVES_PER_DISK = 4;
    private static final int CUTS_PER_LIFE = 8;
    // What a stop leaves under way keeps the directory held; how long one takes is not asked here.
    private static final Duration STOP = Duration.ofSeconds(20);

    /// Makes the disks of one world.
    @FunctionalInterface
    interface Power {
        CutDisk disk(String name) throws IOException;
    }

    /// One cut: what it left, and what had been promised before.
    ///
    /// @param bucket image of the disk of the bucket; null if the bucket is on the same disk
    private record Cut(Path disk, @Nullable Path bucket, int[] promised) {}

    private final Path scratch;
    private final Path images;
    private final Random random;
    private int cuts;
    private int whileOpening;
    private int atNewSegments;
    private int withTails;
    private long tailCommits;
    private long acknowledged;
    private int worlds;

    /// @param images where images are kept until they are judged
    PowerCuts(Path scratch, Path images, long seed) {
        this.scratch = scratch;
        this.images = images;
        random = new Random(seed);
    }

    int cuts() {
        return cuts;
    }

    long acknowledged() {
        return acknowledged;
    }

    int withTails() {
        return withTails;
    }

    @Override
    public String toString() {
        return ("%d power cuts, %d while it opened, %d as a segment appeared, %d with a tail that"
                        + " only the disk had (%d commits), %d commits acknowledged")
                .formatted(cuts, whileOpening, atNewSegments, withTails, tailCommits, acknowledged);
    }

    /// Cuts the power `count` times more, in worlds with disks of their own.
    void run(int count, Power power) throws IOException, InterruptedException {
        int last = cuts + count;
        while (cuts < last) runWorld(last, power);
    }

    private void runWorld(int last, Power power) throws IOException, InterruptedException {
        int world = worlds++;
        boolean isApart = world % 2 == 0;
        var settings =
                new CommitSettings(
                        List.of(5, 100, 5000).get(random.nextInt(3)),
                        List.of(16, 64, 256).get(random.nextInt(3)),
                        List.of(64, 512).get(random.nextInt(2)),
                        30);
        var acks = new Acks();
        try (CutDisk disk = power.disk("disk" + world);
                CutDisk bucket = isApart ? power.disk("bucket" + world) : disk) {
            for (int life = 0; life < LIVES_PER_DISK && cuts < last; life++) {
                List<Cut> made = live(disk, isApart ? bucket : null, settings, acks);
                for (Cut cut : made) judge(cut, settings, acks);
            }
        }
        acknowledged += acks.durable();
    }

    private List<Cut> live(
            CutDisk disk, @Nullable CutDisk bucket, CommitSettings settings, Acks acks)
            throws IOException, InterruptedException {
        Path local = disk.root().resolve("local");
        Path store = (bucket == null ? disk : bucket).root().resolve("bucket");
        Files.createDirectories(store);
        var made = new ArrayList<Cut>();
        acks.forgetUnawaited();
        var place = new CommitProcess.Place(local, store);
        try (var process = CommitProcess.start(List.of(), place, settings, acks)) {
            for (int i = 0; i < CUTS_PER_LIFE; i++) {
                if (2 <= i) process.awaitOpen();
                waitForAnInstant(process, local, i);
                made.add(cut(disk, bucket, acks, process));
            }
            process.kill();
        }
        return made;
    }

    private void waitForAnInstant(CommitProcess process, Path local, int turn)
            throws IOException, InterruptedException {
        if (turn % 2 == 1 && process.isOpen()) {
            long newest = newestSegment(local);
            process.await("a segment", () -> newest < newestSegment(local));
            atNewSegments++;
            return;
        }
        int millis = process.isOpen() ? 80 : 900;
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(1000 * millis)));
    }

    private static long newestSegment(Path local) {
        String[] names = local.toFile().list((_, name) -> name.startsWith("segment-"));
        long newest = 0;
        for (String name : names == null ? new String[0] : names)
            newest = Math.max(newest, Long.parseLong(name.replaceAll("\\D", "")));
        return newest;
    }

    // The bucket is cut later than the disk, so it has all that the process knew it to have.
    private Cut cut(CutDisk disk, @Nullable CutDisk bucket, Acks acks, CommitProcess process) {
        if (!process.isOpen()) whileOpening++;
        Path image = images.resolve("cut" + cuts + ".img");
        Path bucketImage = bucket == null ? null : images.resolve("cut" + cuts + "-bucket.img");
        int[] promised = acks.lasts();
        disk.cutTo(image);
        if (bucket != null && bucketImage != null) bucket.cutTo(bucketImage);
        cuts++;
        return new Cut(image, bucketImage, promised);
    }

    private void judge(Cut cut, CommitSettings settings, Acks acks) throws IOException {
        try (LoopDisk disk = LoopDisk.of(cut.disk, scratch.resolve("after"))) {
            if (cut.bucket == null) {
                judge(cut, settings, acks, disk.root(), disk.root());
            } else {
                try (LoopDisk bucket = LoopDisk.of(cut.bucket, scratch.resolve("after-bucket"))) {
                    judge(cut, settings, acks, disk.root(), bucket.root());
                }
            }
        }
        requireSoundFileSystem(cut.disk);
        Files.delete(cut.disk);
        if (cut.bucket != null) Files.delete(cut.bucket);
    }

    private void judge(Cut cut, CommitSettings settings, Acks acks, Path disk, Path bucket) {
        String name = cut.disk.getFileName() + " " + settings;
        Path folder = bucket.resolve("bucket");
        if (!Files.isDirectory(folder)) {
            for (int promised : cut.promised) assertEquals(0, promised, name);
            return;
        }
        try (ObjectStore store = CommitSettings.bucket(folder)) {
            if (0 < cut.promised[Lane.SHIPPED.ordinal()])
                try (var reader = Engine.openReader(store, CommitSettings.PATH)) {
                    Judge.requireKept(reader, cut.promised, acks, Reach.BUCKET_ALONE, name);
                }
            Path local = disk.resolve("local");
            int[] found;
            try (HoldfastDb db = settings.open(store, local)) {
                found = Judge.requireKept(db, cut.promised, acks, Reach.DISK_AND_BUCKET, name);
                LocalStatus status = db.local();
                if (status != null && 0 < status.replayed()) {
                    withTails++;
                    tailCommits += status.replayed();
                }
                for (Lane lane : Lane.values())
                    db.write(lane.batch(++found[lane.ordinal()]), Durability.LOCAL);
                db.shutdown(random.nextBoolean() ? Mode.FAST : Mode.SMART, STOP);
            }
            try (HoldfastDb again = settings.open(store, local)) {
                assertEquals(Lane.rowsUpTo(found), Judge.rows(again), name + " opened again");
            }
            var checked = Engine.fsck(store, CommitSettings.PATH);
            assertTrue(checked.isSound(), () -> name + " " + checked.problems());
        }
    }

    private void requireSoundFileSystem(Path image) {
        var checked = Tools.run(scratch, List.of("e2fsck", "-fn", "" + image));
        assertEquals(0, checked.code(), checked.out());
    }
}
