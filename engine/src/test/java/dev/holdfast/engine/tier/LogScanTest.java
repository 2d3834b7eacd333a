package dev.holdfast.engine.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.format.local.LocalIdentity;
import dev.holdfast.format.local.RecordHead;
import dev.holdfast.format.local.SegmentHead;
import dev.holdfast.format.seal.SectionSeal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read back from segments that were written, torn, left over or damaged.
class LogScanTest {
    private static final UUID DATABASE = new UUID(1, 2);
    private static final int SEGMENT_BYTES = 16 << 10;
    private static final int EPOCH = 3;
    private static final int RECORD_BYTES = 64 + 112;

    private final ForgetfulDisk disk = new ForgetfulDisk();
    private final List<LocalRecord> found = new ArrayList<>();
    private SegmentNames names;
    private SegmentFiles files;
    private LogWriter writer;

    @TempDir Path directory;

    @BeforeEach
    void begin() {
        names = new SegmentNames(directory);
        LocalSettings settings =
                LocalSettings.in(directory).withSegmentSize(ByteSize.bytes(SEGMENT_BYTES));
        files = new SegmentFiles(new LocalPlace(settings, disk), names, 1);
        writer = new LogWriter(files, DATABASE, EPOCH, 100, 42);
    }

    private static LocalRecord commit(long seq) {
        var batch = new WriteBatch().put(Bytes.utf8("k" + seq), Bytes.utf8("%104d".formatted(seq)));
        return new LocalRecord(seq, 1000 + seq, batch.cursor().encoded());
    }

    /// Writes the commits `[from, to)`, each group of `size` with a force of its own.
    private void write(long from, long to, int size) throws DiskException {
        for (long seq = from; seq < to; seq += size) {
            var group = new ArrayList<LocalRecord>();
            for (long each = seq; each < Math.min(to, seq + size); each++) group.add(commit(each));
            writer.commit(group);
        }
    }

    private LogScan.End scan(long after) throws DiskException, InterruptedException {
        found.clear();
        var identity = new LocalIdentity(DATABASE, DATABASE, EPOCH, EPOCH, 1, List.of());
        return LogScan.of(disk, names, identity, SectionSeal.NONE).replay(after, found::add);
    }

    private void requireFound(long from, long to) {
        var expected = new ArrayList<LocalRecord>();
        for (long seq = from; seq < to; seq++) expected.add(commit(seq));
        assertEquals(expected, found);
    }

    private static long placeOf(int record) {
        return SegmentHead.BYTES + (long) record * RECORD_BYTES;
    }

    private void overwrite(long segment, long position, int length) throws DiskException {
        try (DiskFile file = disk.open(names.segment(segment), OpenMode.WRITE)) {
            file.write(List.of(Bytes.wrap(new byte[length])), position);
        }
    }

    private Bytes read(long segment, long position, int length) throws DiskException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (DiskFile file = disk.open(names.segment(segment), OpenMode.READ)) {
            file.read(bytes, position);
        }
        return Bytes.wrap(bytes.array());
    }

    private void write(long segment, long position, Bytes bytes) throws DiskException {
        try (DiskFile file = disk.open(names.segment(segment), OpenMode.WRITE)) {
            file.write(List.of(bytes), position);
        }
    }

    @Test
    void shouldReadBackWhatWasWrittenOverManySegments() throws Exception {
        write(101, 400, 7);

        assertEquals(399, scan(100).lastSeq());
        requireFound(101, 400);
        assertEquals(399, scan(250).lastSeq());
        requireFound(251, 400);
        assertEquals(500, scan(500).lastSeq());
        requireFound(0, 0);
        assertTrue(3 < files.nextNumber());
    }

    @Test
    void shouldKeepEachRowAsItWasPut() throws Exception {
        var batch =
                new WriteBatch()
                        .put(Bytes.utf8("a"), Bytes.EMPTY)
                        .delete(Bytes.utf8("b"))
                        .put(Bytes.utf8("c"), Bytes.wrap(new byte[40_000]), -5);
        writer.commit(List.of(new LocalRecord(101, 7, batch.cursor().encoded())));

        scan(100);

        assertEquals(batch.cursor().encoded(), found.getFirst().rows());
        assertEquals(7, found.getFirst().createdAtMillis());
        BatchCursor row = found.getFirst().cursor();
        assertTrue(row.next() && row.next() && row.isDelete() && row.next() && row.hasExpiry());
        assertEquals(-5, row.expireAtMillis());
        assertEquals(40_000, row.valueLength());
    }

    @Test
    @Tag("WAL-04")
    void shouldEndAtARecordThatIsTorn() throws Exception {
        write(101, 111, 10); // one group: nothing says that it was forced
        overwrite(1, placeOf(6) + 100, 20);

        LogScan.End end = scan(100);

        requireFound(101, 107);
        assertEquals(new LogScan.End(106, 1, placeOf(6)), end);
    }

    @Test
    @Tag("LOC-04")
    void shouldEndAtAHoleThoughTheTailIsWhole() throws Exception {
        write(101, 111, 10);
        overwrite(1, placeOf(3), RECORD_BYTES);

        assertEquals(103, scan(100).lastSeq());
        requireFound(101, 104);
    }

    @Test
    @Tag("WAL-05")
    void shouldFailWhereWhatWasDurableIsDamaged() throws Exception {
        write(101, 111, 2);
        overwrite(1, placeOf(4), 16);

        CorruptData damaged = assertThrows(CorruptData.class, () -> scan(100));
        assertTrue(damaged.getMessage().contains("commit=`105`"), damaged.getMessage());
        assertTrue(damaged.getMessage().contains("offset=`" + placeOf(4) + "`"));
    }

    @Test
    @Tag("LOC-13")
    void shouldPassOverDamageInWhatTheStoreHas() throws Exception {
        write(101, 111, 2);
        overwrite(1, placeOf(4), 16);

        assertEquals(110, scan(105).lastSeq());
        requireFound(106, 111);
        assertEquals(110, scan(108).lastSeq());
        requireFound(109, 111);
    }

    @Test
    void shouldFailWhereAnEarlierSegmentIsDamaged() throws Exception {
        write(101, 300, 10);
        overwrite(2, placeOf(0), 16);

        assertThrows(CorruptData.class, () -> scan(100));
    }

    @Test
    void shouldFailWhereAHeadIsGoneAndRecordsAreThere() throws Exception {
        write(101, 300, 1);
        overwrite(files.nextNumber() - 1, 0, SegmentHead.BYTES);

        assertThrows(CorruptData.class, () -> scan(100));
    }

    @Test
    @Tag("LOC-05")
    void shouldNotTakeARecordOfTheFilesFormerLife() throws Exception {
        write(101, 171, 1); // 69 records fill the first segment
        files.trim(169);
        write(171, 245, 1); // the third segment has the file of the first

        LogScan.End end = scan(169);

        assertEquals(new LogScan.End(244, 3, placeOf(6)), end);
        requireFound(170, 245);
        Bytes behind = read(3, placeOf(6), RecordHead.BYTES);
        assertEquals(107, RecordHead.decode(behind.toArray(), 0).seq());
    }

    @Test
    @Tag("LOC-05")
    void shouldNotTakeARecordThatStandsInAnothersPlace() throws Exception {
        write(101, 121, 20);
        write(1, placeOf(10), read(1, placeOf(15), RECORD_BYTES));

        assertEquals(110, scan(100).lastSeq());
        requireFound(101, 111);
    }

    @Test
    void shouldFailWhereTheStoreEndsBeforeTheLogBegins() throws Exception {
        write(101, 111, 10);

        assertThrows(CorruptData.class, () -> scan(90));
    }

    @Test
    void shouldNotBelieveALength() throws Exception {
        write(101, 103, 1);
        byte[] head = read(1, placeOf(2), RecordHead.BYTES).toArray();
        new RecordHead(Integer.MAX_VALUE, 0, 1, EPOCH, 103, 0, 102, 0).encode(head, 0);
        write(1, placeOf(2), Bytes.wrap(head));

        assertEquals(102, scan(100).lastSeq());
    }

    @Test
    @Tag("LOC-01")
    void shouldWriteToAnotherSegmentWhatAFailedForceMayHaveCovered() throws Exception {
        write(101, 111, 5);
        disk.failForces(1);
        write(111, 121, 5);

        assertEquals(120, scan(100).lastSeq());
        requireFound(101, 121);
        assertEquals(3, files.nextNumber());
    }

    @Test
    @Tag("LOC-01")
    void shouldGoOnOnceTheDiskDoesThoughItFailedAgainAndAgain() throws Exception {
        write(101, 111, 5);
        disk.failForces(4);

        assertThrows(DiskException.class, () -> write(111, 116, 5));
        assertThrows(DiskException.class, () -> write(111, 116, 5));
        assertEquals(110, scan(100).lastSeq());
        write(111, 126, 5);

        assertEquals(125, scan(100).lastSeq());
        requireFound(101, 126);
        files.trim(125);
        write(126, 200, 1); // nothing that failed is used again
        assertEquals(199, scan(125).lastSeq());
    }
}
