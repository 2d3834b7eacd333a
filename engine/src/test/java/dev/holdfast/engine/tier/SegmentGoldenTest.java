package dev.holdfast.engine.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.base.golden.StillEnv;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.local.LocalIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Segments of a local log as they were once written, in clear and sealed: whoever starts with a
/// newer release finds every commit in them.
class SegmentGoldenTest {
    private static final UUID DATABASE = UUID.fromString("6f0f2c0e-9f5e-4f0a-8a53-1d2d3c4b5a69");
    private static final int SEGMENT_BYTES = 8 << 10;
    private static final long EPOCH = 3;
    private static final long BEFORE = 100;

    @TempDir Path directory;

    private LocalPlace place() {
        LocalSettings settings =
                LocalSettings.in(directory).withSegmentSize(ByteSize.bytes(SEGMENT_BYTES));
        return new LocalPlace(settings, Disk.system());
    }

    private LocalPlace sealedPlace() {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        return place().sealedBy(new Sealing(KeyRing.of(3, key), new StillEnv()));
    }

    private static List<LocalRecord> commits() {
        var commits = new ArrayList<LocalRecord>();
        for (long seq = BEFORE + 1; seq <= BEFORE + 9; seq++) {
            Bytes key = Bytes.utf8("key" + seq);
            var batch =
                    new WriteBatch()
                            .put(key, Bytes.utf8("%600d".formatted(seq)))
                            .delete(Bytes.utf8("gone" + seq))
                            .merge(Bytes.utf8("sum"), Bytes.utf8("+" + seq))
                            .put(Bytes.utf8("brief"), Bytes.utf8("b"), 1_800_000_000_000L);
            long createdAt = 1_763_700_000_000L + seq;
            commits.add(new LocalRecord(seq, createdAt, batch.cursor().encoded()));
        }
        return commits;
    }

    private void requireKept(LocalPlace writing, LocalPlace reading, String folder)
            throws Exception {
        var names = new SegmentNames(directory);
        var writer =
                new LogWriter(new SegmentFiles(writing, names, 1), DATABASE, EPOCH, BEFORE, 42);
        for (LocalRecord commit : commits()) writer.commit(List.of(commit));
        writer.end();
        for (long number = 1; number <= 2; number++) {
            Path segment = names.segment(number);
            Bytes written = Bytes.wrap(Files.readAllBytes(segment));
            OnceWritten.requireSame(folder + segment.getFileName(), written);
        }
        requireRead(reading, folder);
    }

    private void requireRead(LocalPlace place, String folder) throws Exception {
        var names = new SegmentNames(OnceWritten.at(folder));
        var identity = new LocalIdentity(DATABASE, DATABASE, EPOCH, EPOCH, 1, List.of());
        var found = new ArrayList<LocalRecord>();
        LogScan scan = LogScan.of(Disk.system(), names, identity, place.seal());
        assertEquals(BEFORE + 9, scan.replay(BEFORE, found::add).lastSeq());
        assertEquals(commits(), found);
    }

    @Test
    void shouldKeepSegmentsInClear() throws Exception {
        requireKept(place(), place(), "segments/clear/");
    }

    @Test
    void shouldKeepSealedSegments() throws Exception {
        requireKept(sealedPlace(), sealedPlace(), "segments/sealed/");
    }
}
