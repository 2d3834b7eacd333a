package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.format.local.RecordHead;
import dev.holdfast.format.local.SegmentHead;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.system.disk.CommitProcess.Place;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process dies in the middle of a force, on a real disk, and sectors of the group that it wrote
/// and did not force are not there: any of them may be missing, whatever came behind.
@Tag("loop-disk")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TornTailTest {
    private static final CommitSettings SETTINGS = new CommitSettings(60_000, 1024, 4096, 1);
    private static final int SECTOR = 512;

    @TempDir Path folder;

    private final Acks acks = new Acks();

    /// A record in the file: where it is, and what its head says.
    private record Found(int at, RecordHead head) {}

    @Test
    @Tag("WAL-04")
    @Tag("LOC-04")
    void shouldStopAtTheFirstSectorThatIsMissing() throws Exception {
        Tools.assume("strace");
        try (LoopDisk disk = LoopDisk.assume(folder, "disk", 96, "mkfs.ext4", "-q", "-F")) {
            Path dead = disk.root().resolve("dead");
            List<Found> group = dieInAForce(dead);
            int first = group.getFirst().at();
            int end = group.getLast().at() + (int) RecordHead.spaceFor(length(group.getLast()));
            long before = group.getFirst().head().seq() - 1;
            int copies = 0;
            for (int missing = first; missing < end; missing += Math.max(64, (end - first) / 6)) {
                // when: one sector is not there, and all behind it is
                Path copy = disk.root().resolve("copy" + copies++);
                run("cp", "-a", "" + dead, "" + copy);
                int from = Math.max(first, missing / SECTOR * SECTOR);
                int to = Math.min(end, missing / SECTOR * SECTOR + SECTOR);
                zero(segment(copy), from, to);
                disk.mountAgain();
                // then
                long last = before;
                for (Found record : group) if (endOf(record) <= from) last = record.head().seq();
                assertEquals(last, replayed(copy), "missing " + from + ".." + to + " of " + group);
            }
            assertTrue(1 < copies, "group: " + group);
        }
    }

    @Test
    @Tag("WAL-05")
    void shouldRefuseToGoOnWhereWhatWasForcedIsDamaged() throws Exception {
        Tools.assume("strace");
        try (LoopDisk disk = LoopDisk.assume(folder, "disk", 96, "mkfs.ext4", "-q", "-F")) {
            Path dead = disk.root().resolve("dead");
            long end = dieInAForce(dead).getFirst().head().seq();
            var forced =
                    records(segment(dead)).stream()
                            .filter(each -> each.head().seq() < end)
                            .toList();
            assertTrue(1 < forced.size(), "forced: " + forced);
            for (int i = 0; i < forced.size(); i += Math.max(1, forced.size() / 6)) {
                // when
                Found record = forced.get(i);
                Path copy = disk.root().resolve("damaged" + i);
                run("cp", "-a", "" + dead, "" + copy);
                zero(segment(copy), record.at() + RecordHead.BYTES, endOf(record));
                disk.mountAgain();
                // then
                requireRefused(copy, record);
                run("rm", "-r", "" + copy);
            }
        }
    }

    // Twice, as a refusal must not change what lies there.
    private static void requireRefused(Path home, Found record) {
        for (int attempt = 0; attempt < 2; attempt++)
            try (var bucket = CommitSettings.bucket(home.resolve("bucket"))) {
                var met =
                        assertThrows(
                                CorruptData.class,
                                () -> SETTINGS.open(bucket, home.resolve("local")).close());
                assertTrue(met.getMessage().contains("segment-"), met.getMessage());
                assertTrue(met.getMessage().contains("offset=`" + record.at() + "`"), "" + met);
            }
    }

    // What is there of a group that was written, and whose force did not come back.
    private List<Found> dieInAForce(Path home) throws Exception {
        Files.createDirectories(home.resolve("bucket"));
        var place = new Place(home.resolve("local"), home.resolve("bucket"));
        var strace = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null"));
        strace.addAll(List.of("-e", "trace=fdatasync", "-P", "" + segment(home)));
        strace.addAll(List.of("-e", "inject=fdatasync:delay_enter=60000000:when=5+"));
        try (var process = CommitProcess.start(strace, place, SETTINGS, acks)) {
            process.await("a force that takes long", () -> saysSo(process));
            process.kill();
        }
        List<Found> all = records(segment(home));
        long forced = all.getLast().head().forcedSeq();
        var group = all.stream().filter(each -> each.head().forcedSeq() == forced).toList();
        assertEquals(forced + 1, group.getFirst().head().seq());
        return group;
    }

    private static boolean saysSo(CommitProcess process) {
        return process.said().stream().anyMatch(line -> line.startsWith(CommitProgram.REFUSED));
    }

    private long replayed(Path home) {
        try (var bucket = CommitSettings.bucket(home.resolve("bucket"));
                var db = SETTINGS.open(bucket, home.resolve("local"))) {
            Judge.requireKept(db, acks.lasts(), acks, Reach.DISK_AND_BUCKET, "" + home);
            LocalStatus status = db.local();
            assertTrue(status != null && 0 < status.replayed(), "nothing was replayed");
            return db.watermarks().local();
        }
    }

    private static Path segment(Path home) {
        return home.resolve("local").resolve("segment-%020d.log".formatted(1));
    }

    private static List<Found> records(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        var records = new ArrayList<Found>();
        int at = SegmentHead.BYTES;
        while (RecordHead.isLikely(bytes, at)) {
            var record = new Found(at, decoded(bytes, at));
            records.add(record);
            at = endOf(record);
        }
        return records;
    }

    private static RecordHead decoded(byte[] bytes, int at) {
        try {
            return RecordHead.decode(bytes, at);
        } catch (FormatException damaged) {
            throw new AssertionError(damaged);
        }
    }

    private static int length(Found record) {
        return record.head().length();
    }

    private static int endOf(Found record) {
        return record.at() + (int) RecordHead.spaceFor(length(record));
    }

    private static void zero(Path file, int from, int to) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(from);
            open.write(new byte[to - from]);
        }
    }

    private void run(String... command) {
        var ended = Tools.run(folder, List.of(command));
        assertEquals(0, ended.code(), ended.err());
    }
}
