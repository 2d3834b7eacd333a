package dev.holdfast.simulation.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Each class of faults by itself, as a caller meets it.
class DiskFaultTest {
    private static final int SEEDS = 200;
    private static final int ALWAYS = DiskFaults.OF;
    private static final Path A = Told.ROOT.resolve("a");

    @Test
    void shouldForgetWhatAFailedForceDidNotWriteThoughTheNextSucceeds() {
        Set<String> seen = new TreeSet<>();
        Set<String> left = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            // given: a force that fails, and one after it that does not
            var told = written(seed, "o");
            told.disk.follow(DiskFaults.only(DiskFault.FORCE_FAILS, ALWAYS));
            told.tell((disk, _) -> {
                try (DiskFile file = disk.open(A, OpenMode.WRITE)) {
                    file.write(List.of(Bytes.utf8("n")), 0);
                    assertThrows(DiskException.Failed.class, () -> file.force(Force.METADATA));
                    told.disk.follow(DiskFaults.none());
                    file.force(Force.METADATA);
                }
                seen.add(DiskContract.read(disk, A));
            });
            // when
            told.cutPower();
            // then
            told.tell((disk, _) -> left.add(DiskContract.read(disk, A)));
        }
        assertEquals(Set.of("n", "o"), seen);
        assertEquals(Set.of("n", "o"), left);
    }

    @Test
    void shouldForgetNamesThatAFailedForceDidNotWriteThoughTheNextSucceeds() {
        Set<String> left = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            // given
            var told = written(seed, "o");
            told.disk.follow(DiskFaults.only(DiskFault.NAMES_FORCE_FAILS, ALWAYS));
            told.tell((disk, directory) -> {
                disk.link(A, directory.resolve("b"));
                assertThrows(DiskException.Failed.class, () -> disk.forceDirectory(directory));
                told.disk.follow(DiskFaults.none());
                disk.forceDirectory(directory);
                assertEquals("a=o b=o ", PowerCutTest.namesOn(disk));
            });
            // when
            told.cutPower();
            // then
            told.tell((disk, _) -> left.add(PowerCutTest.namesOn(disk)));
        }
        assertEquals(Set.of("a=o ", "a=o b=o "), left);
    }

    @Test
    void shouldTakeNoMoreThanItsCapacityAndGoOnWhenThereIsRoomAgain() {
        var told = written(1, "o");
        told.disk.follow(DiskFaults.none().withCapacity(1000));
        told.tell((disk, directory) -> {
            Path big = directory.resolve("big");
            assertThrows(
                    DiskException.Full.class,
                    () -> DiskContract.write(disk, big, "x".repeat(2000)));
            assertEquals(0, disk.usableBytes(directory));
            assertEquals("o", DiskContract.read(disk, A));
            disk.delete(big);
            assertEquals(999, disk.usableBytes(directory));
            DiskContract.write(disk, big, "x".repeat(999));
        });
        assertEquals(Map.of(DiskFault.FULL, 1L), told.disk.struck());
    }

    @Test
    void shouldRefuseWhatTheMachineDoesNotAllow() {
        var told = written(1, "o");
        told.disk.follow(DiskFaults.only(DiskFault.REFUSED, ALWAYS));
        told.tell((disk, directory) -> {
            Path b = directory.resolve("b");
            List<Step> steps =
                    List.of(
                            () -> disk.open(A, OpenMode.READ),
                            () -> disk.link(A, b),
                            () -> disk.rename(A, b),
                            () -> disk.delete(A),
                            () -> disk.createDirectory(b),
                            () -> disk.tryLock(b, "me"));
            for (Step step : steps) assertThrows(DiskException.Refused.class, step::take);
            told.disk.follow(DiskFaults.none());
            assertEquals("a=o ", PowerCutTest.namesOn(disk));
        });
    }

    @Test
    void shouldHaveDoneOrNotDoneWhatFailed() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            var told = written(seed, "o");
            told.disk.follow(DiskFaults.only(DiskFault.NAME_FAILS, ALWAYS));
            told.tell((disk, directory) -> {
                assertThrows(
                        DiskException.Failed.class, () -> disk.rename(A, directory.resolve("b")));
                told.disk.follow(DiskFaults.none());
                found.add(PowerCutTest.namesOn(disk));
            });
        }
        assertEquals(Set.of("a=o ", "b=o "), found);
    }

    @Test
    void shouldHaveWrittenAnyPartOfAWriteThatFailed() {
        Set<String> found = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            var told = written(seed, "oo");
            told.disk.follow(DiskFaults.only(DiskFault.WRITE_FAILS, ALWAYS));
            told.tell((disk, _) -> {
                try (DiskFile file = disk.open(A, OpenMode.WRITE)) {
                    assertThrows(
                            DiskException.Failed.class,
                            () -> file.write(List.of(Bytes.utf8("nn")), 0));
                }
                found.add(DiskContract.read(disk, A));
            });
        }
        assertEquals(Set.of("oo", "no", "nn"), found);
    }

    @Test
    void shouldFailToReadAndRecover() {
        var told = written(1, "o");
        told.disk.follow(DiskFaults.only(DiskFault.READ_FAILS, ALWAYS));
        told.tell((disk, _) -> {
            assertThrows(DiskException.Failed.class, () -> disk.look(A));
            assertThrows(DiskException.Failed.class, () -> DiskContract.read(disk, A));
            told.disk.follow(DiskFaults.none());
            assertEquals("o", DiskContract.read(disk, A));
        });
    }

    @Test
    void shouldTakeSecondsForAForceInVirtualTime() {
        Duration longest = Duration.ZERO;
        for (long seed = 0; seed < 20; seed++) {
            var told = written(seed, "o");
            told.disk.follow(DiskFaults.only(DiskFault.FORCE_SLOW, ALWAYS));
            Duration before = told.simulation.elapsed();
            told.tell((disk, directory) -> disk.forceDirectory(directory));
            Duration took = told.simulation.elapsed().minus(before);
            if (longest.compareTo(took) < 0) longest = took;
        }
        assertTrue(4 < longest.toSeconds(), longest.toString());
    }

    @Test
    void shouldReadAStaleOrAnotherSectorOrAFlippedBit() {
        var expected =
                Map.of(
                        DiskFault.STALE_SECTOR, "1".repeat(512),
                        DiskFault.MISDIRECTED_SECTOR, "x".repeat(512));
        for (DiskFault fault : List.of(DiskFault.STALE_SECTOR, DiskFault.MISDIRECTED_SECTOR)) {
            Set<String> found = new HashSet<>();
            for (long seed = 0; seed < SEEDS; seed++) found.add(readWith(fault, seed));
            assertTrue(found.contains(expected.get(fault)), fault + " " + found);
        }
        Set<Integer> bits = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            String found = readWith(DiskFault.BIT_FLIP, seed);
            int flipped = 0;
            for (int i = 0; i < found.length(); i++)
                flipped += Integer.bitCount(found.charAt(i) ^ '2');
            bits.add(flipped);
        }
        assertEquals(Set.of(1), bits);
    }

    // The file says 1, then 2; another says x.
    private static String readWith(DiskFault fault, long seed) {
        var told = PowerCutTest.prepared(seed, DiskFaults.none().withSector(512));
        var found = new StringBuilder();
        told.tell((disk, directory) -> {
            DiskContract.write(disk, A, "1".repeat(512));
            DiskContract.write(disk, A, "2".repeat(512));
            DiskContract.write(disk, directory.resolve("b"), "x".repeat(512));
            told.disk.follow(DiskFaults.only(fault, ALWAYS));
            try (DiskFile file = disk.open(A, OpenMode.READ)) {
                var target = java.nio.ByteBuffer.allocate(512);
                file.read(target, 0);
                for (byte each : target.array()) found.append((char) (each & 0xff));
            }
        });
        assertEquals(1, told.disk.struck().get(fault));
        return found.toString();
    }

    @Test
    void shouldRunAloneBeTheSameForTheSameSeed() {
        for (long seed = 0; seed < 20; seed++)
            assertEquals(storyHash(seed), storyHash(seed), "seed=" + seed);
        assertTrue(storyHash(1) != storyHash(2));
    }

    private static long storyHash(long seed) {
        var told = written(seed, "o");
        told.disk.follow(DiskFaults.drawn(new java.util.SplittableRandom(seed)));
        told.tell(DiskFaultTest::useAsItComes);
        told.cutPower();
        told.disk.follow(DiskFaults.none());
        told.tell((disk, _) -> told.simulation.trace(PowerCutTest.namesOn(disk)));
        return told.simulation.hash();
    }

    private static void useAsItComes(Disk disk, Path directory) {
        for (int i = 0; i < 30; i++) {
            try {
                DiskContract.write(disk, directory.resolve("f" + i % 5), "text " + i);
                disk.rename(directory.resolve("f" + i % 5), directory.resolve("g" + i % 3));
                if (i % 7 == 0) disk.forceDirectory(directory);
            } catch (DiskException unlucky) {
                continue;
            }
        }
    }

    private static Told written(long seed, String text) {
        var told = PowerCutTest.prepared(seed, DiskFaults.none());
        told.tell((disk, directory) -> {
            DiskContract.write(disk, A, text);
            disk.forceDirectory(directory);
        });
        return told;
    }

    /// Something that can fail.
    private interface Step {
        void take() throws DiskException;
    }
}
