package dev.holdfast.simulation.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What a power cut, and nothing less, takes from a disk.
class PowerCutTest {
    private static final int SEEDS = 200;
    private static final Path A = Told.ROOT.resolve("a");
    private static final Path B = Told.ROOT.resolve("b");

    @Test
    void shouldKeepWhatWasForcedWhateverElseIsLost() {
        for (long seed = 0; seed < SEEDS; seed++) {
            // given: a file and its name forced, then more of everything that is not
            var told = prepared(seed, DiskFaults.none());
            told.tell((disk, _) -> {
                DiskContract.write(disk, A, "forced");
                disk.writeAttribute(A, "x", "1");
                try (DiskFile file = disk.open(A, OpenMode.WRITE)) {
                    file.force(Force.METADATA);
                }
                disk.forceDirectory(Told.ROOT);
                DiskContract.write(disk, B, "b");
            });
            // when
            told.cutPower();
            // then
            told.tell((disk, _) -> {
                assertEquals("forced", DiskContract.read(disk, A));
                assertEquals("1", disk.readAttribute(A, "x", 9));
            });
        }
    }

    @Test
    void shouldKeepEverythingWhenOnlyTheProcessDies() {
        var told = prepared(1, DiskFaults.none());
        // when: it dies with nothing forced
        boolean cameToItsEnd =
                told.tell(
                        (disk, _) -> {
                            try (DiskFile file = disk.open(A, OpenMode.CREATE)) {
                                file.write(List.of(Bytes.utf8("seen")), 0);
                                disk.tryLock(B, "the dead");
                                disk.look(A);
                            }
                        },
                        4);
        assertFalse(cameToItsEnd);
        // then: its successor sees it all, and finds no lock
        told.tell((disk, _) -> {
            assertEquals("seen", DiskContract.read(disk, A));
            disk.tryLock(B, "the living");
            assertEquals("the living\n", DiskContract.read(disk, B));
        });
    }

    @Test
    void shouldTearWhatWasNotForcedAtSectorsInAnyOrder() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            // given: three sectors, forced, then written over
            var told = prepared(seed, DiskFaults.none().withSector(512));
            told.tell((disk, _) -> {
                DiskContract.write(disk, A, "o".repeat(3 * 512));
                disk.forceDirectory(Told.ROOT);
                try (DiskFile file = disk.open(A, OpenMode.WRITE)) {
                    file.write(List.of(Bytes.utf8("n".repeat(3 * 512))), 0);
                }
            });
            told.cutPower();
            told.tell((disk, _) -> found.add(inSectors(DiskContract.read(disk, A))));
        }
        // then: each sector is old or new by itself
        assertEquals(Set.of("nnn", "nno", "non", "noo", "onn", "ono", "oon", "ooo"), found);
    }

    @Test
    void shouldLeaveAHoleOfZerosBeforeAValidTail() {
        Set<String> found = new TreeSet<>();
        long holes = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            // given: two sectors appended to a file of one, without a force
            var told = prepared(seed, DiskFaults.none().withSector(512));
            told.tell((disk, _) -> {
                DiskContract.write(disk, A, "f".repeat(512));
                disk.forceDirectory(Told.ROOT);
                try (DiskFile file = disk.open(A, OpenMode.WRITE)) {
                    file.append(List.of(Bytes.utf8("t".repeat(2 * 512))));
                }
            });
            told.cutPower();
            told.tell((disk, _) -> found.add(inSectors(DiskContract.read(disk, A))));
            holes += told.disk.struck().getOrDefault(DiskFault.HOLE, 0L);
        }
        // then: the old size, or the new one with any of the sectors missing
        assertEquals(Set.of("f", "f00", "f0t", "ft0", "ftt"), found);
        assertTrue(0 < holes);
    }

    private static String inSectors(String content) {
        var sectors = new StringBuilder();
        for (int at = 0; at < content.length(); at += 512) {
            String sector = content.substring(at, at + 512);
            assertEquals(1, sector.chars().distinct().count(), "torn within a sector");
            sectors.append(sector.charAt(0) == 0 ? '0' : sector.charAt(0));
        }
        return sectors.toString();
    }

    @Test
    void shouldLoseAFreshNameUnlessItsDirectoryWasForced() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            // given: two files, forced, in a directory that is not
            var told = prepared(seed, DiskFaults.none());
            told.tell((disk, _) -> {
                DiskContract.write(disk, A, "1");
                DiskContract.write(disk, B, "2");
            });
            told.cutPower();
            told.tell((disk, _) -> found.add(namesOn(disk)));
        }
        // then: either, both or none, the second without the first too
        assertEquals(Set.of("", "a=1 ", "b=2 ", "a=1 b=2 "), found);
    }

    @Test
    void shouldLoseOrKeepARenameAsAWholeButNeverTheFile() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            var told = prepared(seed, DiskFaults.none());
            told.tell((disk, _) -> {
                DiskContract.write(disk, A, "new");
                DiskContract.write(disk, B, "old");
                disk.forceDirectory(Told.ROOT);
                disk.rename(A, B);
            });
            told.cutPower();
            told.tell((disk, _) -> found.add(namesOn(disk)));
        }
        // then: not yet, done, or done with the old name still there
        assertEquals(Set.of("a=new b=old ", "b=new ", "a=new b=new "), found);
    }

    @Test
    void shouldBringBackADeletedNameUnlessItsDirectoryWasForced() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            var told = prepared(seed, DiskFaults.none());
            told.tell((disk, _) -> {
                DiskContract.write(disk, A, "1");
                DiskContract.write(disk, B, "2");
                disk.forceDirectory(Told.ROOT);
                disk.delete(A);
                disk.forceDirectory(Told.ROOT);
                disk.delete(B);
            });
            told.cutPower();
            told.tell((disk, _) -> found.add(namesOn(disk)));
        }
        assertEquals(Set.of("", "b=2 "), found);
    }

    @Test
    void shouldLoseBytesAndNamesIndependently() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            // given: a name that outlasts, of a file that was never forced
            var told = prepared(seed, DiskFaults.none());
            told.tell((disk, _) -> {
                try (DiskFile file = disk.open(A, OpenMode.CREATE)) {
                    file.write(List.of(Bytes.utf8("x")), 0);
                }
                disk.forceDirectory(Told.ROOT);
            });
            told.cutPower();
            told.tell((disk, _) -> found.add(namesOn(disk)));
        }
        assertEquals(Set.of("a= ", "a=\0 ", "a=x "), found);
    }

    @Test
    void shouldLoseAttributesThatOnlyTheContentWasForcedWith() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            var told = prepared(seed, DiskFaults.none());
            told.tell((disk, _) -> {
                DiskContract.write(disk, A, "x");
                disk.forceDirectory(Told.ROOT);
                disk.writeAttribute(A, "id", "1");
                try (DiskFile file = disk.open(A, OpenMode.WRITE)) {
                    file.force(Force.CONTENT);
                }
            });
            told.cutPower();
            told.tell((disk, _) -> found.add("" + disk.readAttribute(A, "id", 9)));
        }
        assertEquals(Set.of("1", "null"), found);
    }

    @Test
    void shouldEndEveryProcess() {
        var told = prepared(1, DiskFaults.none());
        boolean cameToItsEnd =
                told.tell(
                        (disk, _) -> {
                            told.disk.cutPower();
                            disk.look(A);
                        },
                        Long.MAX_VALUE);
        assertFalse(cameToItsEnd);
        told.tell((disk, _) -> assertNotNull(disk.look(Told.ROOT)));
    }

    @Test
    void shouldForgetDirectoriesWithAllThatLiesInThem() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            // given: everything forced but the name of the directory
            var told = prepared(seed, DiskFaults.none());
            told.tell((disk, _) -> {
                disk.createDirectory(A);
                DiskContract.write(disk, A.resolve("x"), "1");
                disk.forceDirectory(A);
            });
            told.cutPower();
            told.tell((disk, _) -> {
                found.add(disk.look(A) == null ? "gone" : "there");
                if (disk.look(A) != null)
                    assertEquals("1", DiskContract.read(disk, A.resolve("x")));
                else assertNull(disk.look(A.resolve("x")));
            });
        }
        assertEquals(Set.of("gone", "there"), found);
    }

    static Told prepared(long seed, DiskFaults faults) {
        var told = new Told(seed, DiskFaults.none().withSector(faults.sectorBytes()));
        told.tell((disk, _) -> {
            disk.createDirectory(Told.ROOT);
            disk.forceDirectory(Told.ROOT.getParent());
        });
        told.disk.follow(faults);
        return told;
    }

    static String namesOn(Disk disk) throws DiskException {
        Set<String> names = new TreeSet<>();
        disk.list(Told.ROOT, names::add);
        var found = new StringBuilder();
        for (String name : names)
            found.append(name)
                    .append('=')
                    .append(DiskContract.read(disk, Told.ROOT.resolve(name)))
                    .append(' ');
        return found.toString();
    }

    @Test
    void shouldNotLetAFileThatIsOnlyReadBeWritten() {
        var told = prepared(1, DiskFaults.none());
        told.tell((disk, _) -> {
            DiskContract.write(disk, A, "x");
            try (DiskFile file = disk.open(A, OpenMode.READ)) {
                assertThrows(
                        IllegalStateException.class, () -> file.write(List.of(Bytes.utf8("y")), 0));
            }
        });
    }
}
