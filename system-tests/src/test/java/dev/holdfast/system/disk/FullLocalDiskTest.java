package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.system.disk.CommitProcess.Place;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real process whose local log lies on a disk that somebody else fills.
@Tag("loop-disk")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullLocalDiskTest {
    // A memtable holds more than the files in reserve: else it goes on with what it has.
    private static final CommitSettings SETTINGS = new CommitSettings(20, 16, 4096, 5);

    @TempDir Path folder;

    private final Acks acks = new Acks();

    @Test
    @Tag("LOC-06")
    void shouldRefuseClearlyReadAndResumeWhenTheDiskIsFull() throws Exception {
        Path bucket = Files.createDirectories(folder.resolve("bucket"));
        try (LoopDisk disk = LoopDisk.assume(folder, "disk", 48, "mkfs.ext4", "-q", "-F")) {
            var place = new Place(disk.root().resolve("local"), bucket);
            try (var process = CommitProcess.start(List.of(), place, SETTINGS, acks)) {
                process.awaitOpen();
                process.awaitBeyond(acks.lasts(), 20);
                for (int round = 0; round < 3; round++) {
                    // when
                    Path ballast = disk.root().resolve("ballast");
                    fill(ballast);
                    int refused = refusals(process).size();
                    process.await("a refusal", () -> refused < refusals(process).size());
                    // then: it says why, and what was committed is read
                    String refusal = refusals(process).getLast();
                    assertTrue(refusal.contains("No space left on device"), refusal);
                    assertTrue(refusal.contains("readable up to"), refusal);
                    // when there is room again
                    Files.delete(ballast);
                    process.awaitBeyond(acks.lasts(), 20);
                }
                process.kill();
            }
            Judge.requireKept(place, SETTINGS, acks);
        }
    }

    private static List<String> refusals(CommitProcess process) {
        return process.said().stream()
                .filter(line -> line.startsWith(CommitProgram.REFUSED))
                .toList();
    }

    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[4096];
        try (var file = new RandomAccessFile(ballast.toFile(), "rw")) {
            while (true) file.write(block);
        } catch (IOException full) {
            assertEquals("No space left on device", full.getMessage());
        }
    }

    @Test
    @Tag("LOC-06")
    void shouldOpenOnAFullDiskOnceThereIsRoom() throws Exception {
        Path bucket = Files.createDirectories(folder.resolve("bucket"));
        try (LoopDisk disk = LoopDisk.assume(folder, "disk", 48, "mkfs.ext4", "-q", "-F")) {
            var place = new Place(disk.root().resolve("local"), bucket);
            try (var process = CommitProcess.start(List.of(), place, SETTINGS, acks)) {
                process.awaitOpen();
                process.awaitBeyond(acks.lasts(), 20);
                process.kill();
            }
            // when
            Path ballast = disk.root().resolve("ballast");
            fill(ballast);
            String why = "";
            try (var store = CommitSettings.bucket(bucket);
                    var db = SETTINGS.open(store, place.local())) {
                Judge.requireKept(db, acks.lasts(), acks, Reach.DISK_AND_BUCKET, "full");
            } catch (Unavailable refused) {
                why = refused.getMessage();
            }
            // then
            assertTrue(why.isEmpty() || why.contains("No space left on device"), why);
            Files.delete(ballast);
            Judge.requireKept(place, SETTINGS, acks);
        }
    }
}
