package dev.holdfast.simulation.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.base.file.OpenMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every disk promises as long as nothing goes wrong.
abstract class DiskContract {
    /// Something done on a disk, in an empty directory of it.
    interface Story {
        void on(Disk disk, Path directory) throws Exception;
    }

    /// Tells the story on a fresh disk, to its end.
    abstract void tell(Story story) throws Exception;

    @Test
    void shouldReadBackWhatWasWrittenAtItsPlace() throws Exception {
        tell((disk, directory) -> {
            try (DiskFile file = disk.open(directory.resolve("a"), OpenMode.CREATE)) {
                // when
                file.write(List.of(Bytes.utf8("hello "), Bytes.utf8("world")), 0);
                file.write(List.of(Bytes.utf8("W")), 6);
                long appendedAt = file.append(List.of(Bytes.utf8("!")));
                // then
                assertEquals(11, appendedAt);
                assertEquals(12, file.size());
                assertEquals("hello World!", textOf(file, 0, 100));
                assertEquals("World", textOf(file, 6, 5));
                assertEquals("", textOf(file, 12, 5));
            }
        });
    }

    @Test
    void shouldFillWhatAWriteSkipsWithZeros() throws Exception {
        tell((disk, directory) -> {
            try (DiskFile file = disk.open(directory.resolve("a"), OpenMode.CREATE)) {
                file.write(List.of(Bytes.utf8("x")), 10_000);
                assertEquals("\0\0", textOf(file, 9_998, 2));
                assertEquals("x", textOf(file, 10_000, 9));
            }
        });
    }

    @Test
    void shouldCutAndFillUp() throws Exception {
        tell((disk, directory) -> {
            try (DiskFile file = disk.open(directory.resolve("a"), OpenMode.CREATE)) {
                file.write(List.of(Bytes.utf8("abcdef")), 0);
                file.truncate(3);
                file.truncate(9);
                assertEquals("abc", textOf(file, 0, 9));
                file.preallocate(5);
                file.preallocate(4);
                assertEquals("abc\0\0", textOf(file, 0, 9));
            }
        });
    }

    @Test
    void shouldOpenOnlyOnTheConditionThatTheModeNames() throws Exception {
        tell((disk, directory) -> {
            Path file = directory.resolve("a");
            for (OpenMode mode : List.of(OpenMode.READ, OpenMode.WRITE))
                assertThrows(DiskException.Absent.class, () -> disk.open(file, mode));
            disk.open(file, OpenMode.CREATE_FRESH).close();
            assertThrows(DiskException.Exists.class, () -> disk.open(file, OpenMode.CREATE_FRESH));
            for (OpenMode mode : List.of(OpenMode.READ, OpenMode.WRITE, OpenMode.CREATE))
                disk.open(file, mode).close();
            assertThrows(
                    DiskException.Absent.class,
                    () -> disk.open(directory.resolve("no/a"), OpenMode.CREATE));
            assertThrows(
                    DiskException.Absent.class,
                    () -> disk.open(file.resolve("b"), OpenMode.CREATE));
        });
    }

    @Test
    void shouldTellWhatStandsUnderAName() throws Exception {
        tell((disk, directory) -> {
            write(disk, directory.resolve("a"), "abc");
            var file = assertInstanceOf(DiskEntry.class, look(disk, directory, "a"));
            assertEquals(3, file.size());
            assertTrue(file.isFile());
            var folder = assertInstanceOf(DiskEntry.class, disk.look(directory));
            assertTrue(folder.isDirectory());
            assertNull(look(disk, directory, "b"));
            assertNull(look(disk, directory, "a/b"));
        });
    }

    @Test
    void shouldListEveryNameOnce() throws Exception {
        tell((disk, directory) -> {
            var expected = new TreeSet<String>();
            for (int i : IntStream.range(0, 50).toArray()) {
                write(disk, directory.resolve("f" + i), "");
                expected.add("f" + i);
            }
            disk.createDirectory(directory.resolve("d"));
            expected.add("d");
            var found = new java.util.ArrayList<String>();
            disk.list(directory, found::add);
            assertEquals(expected.size(), found.size());
            assertEquals(expected, new TreeSet<>(found));
            for (String none : List.of("f1", "none"))
                assertThrows(
                        DiskException.Absent.class,
                        () -> disk.list(directory.resolve(none), found::add));
        });
    }

    @Test
    void shouldRenameInPlaceOfWhatWasThere() throws Exception {
        tell((disk, directory) -> {
            write(disk, directory.resolve("a"), "new");
            write(disk, directory.resolve("b"), "old");
            disk.rename(directory.resolve("a"), directory.resolve("b"));
            assertEquals("new", read(disk, directory.resolve("b")));
            assertNull(look(disk, directory, "a"));
            assertThrows(
                    DiskException.Absent.class,
                    () -> disk.rename(directory.resolve("a"), directory.resolve("b")));
        });
    }

    @Test
    void shouldGiveAFreeNameToOneOnly() throws Exception {
        tell((disk, directory) -> {
            write(disk, directory.resolve("a"), "1");
            write(disk, directory.resolve("b"), "2");
            disk.link(directory.resolve("a"), directory.resolve("c"));
            assertThrows(
                    DiskException.Exists.class,
                    () -> disk.link(directory.resolve("b"), directory.resolve("c")));
            assertTrue(disk.delete(directory.resolve("a")));
            assertEquals("1", read(disk, directory.resolve("c")));
        });
    }

    @Test
    void shouldDeleteWhatIsThereAndSayWhenNothingWas() throws Exception {
        tell((disk, directory) -> {
            write(disk, directory.resolve("a"), "1");
            disk.createDirectory(directory.resolve("d"));
            write(disk, directory.resolve("d/x"), "1");
            assertThrows(DiskException.class, () -> disk.delete(directory.resolve("d")));
            assertTrue(disk.delete(directory.resolve("d/x")));
            assertTrue(disk.delete(directory.resolve("d")));
            assertTrue(disk.delete(directory.resolve("a")));
            assertFalse(disk.delete(directory.resolve("a")));
            assertFalse(disk.delete(directory.resolve("none/a")));
        });
    }

    @Test
    void shouldGoOnReadingAFileThatLostItsName() throws Exception {
        tell((disk, directory) -> {
            write(disk, directory.resolve("a"), "kept");
            try (DiskFile file = disk.open(directory.resolve("a"), OpenMode.READ)) {
                disk.delete(directory.resolve("a"));
                write(disk, directory.resolve("a"), "other");
                assertEquals("kept", textOf(file, 0, 9));
            }
        });
    }

    @Test
    void shouldMakeADirectoryOnceWhereItsParentIs() throws Exception {
        tell((disk, directory) -> {
            disk.createDirectory(directory.resolve("d"));
            disk.forceDirectory(directory);
            assertThrows(
                    DiskException.Exists.class, () -> disk.createDirectory(directory.resolve("d")));
            assertThrows(
                    DiskException.Absent.class,
                    () -> disk.createDirectory(directory.resolve("e/f")));
            assertThrows(
                    DiskException.Absent.class, () -> disk.forceDirectory(directory.resolve("e")));
            assertEquals(disk.real(directory).resolve("d"), disk.real(directory.resolve("d")));
            assertThrows(DiskException.Absent.class, () -> disk.real(directory.resolve("e")));
        });
    }

    @Test
    void shouldKeepAttributesOfAtMostTheLengthAskedFor() throws Exception {
        tell((disk, directory) -> {
            Path file = directory.resolve("a");
            write(disk, file, "");
            assertNull(disk.readAttribute(file, "holdfast.test", 9));
            disk.writeAttribute(file, "holdfast.test", "abc");
            disk.writeAttribute(file, "holdfast.test", "abcd");
            assertEquals("abcd", disk.readAttribute(file, "holdfast.test", 4));
            assertNull(disk.readAttribute(file, "holdfast.test", 3));
        });
    }

    @Test
    void shouldLetOneHoldAFileAtATime() throws Exception {
        tell((disk, directory) -> {
            Path file = directory.resolve("lock");
            var taken = assertInstanceOf(LockAttempt.Taken.class, disk.tryLock(file, "me"));
            assertEquals("me\n", read(disk, file));
            assertEquals(new LockAttempt.Held("me (this process)"), disk.tryLock(file, "you"));
            taken.lock().close();
            taken.lock().close();
            var again = assertInstanceOf(LockAttempt.Taken.class, disk.tryLock(file, "you"));
            taken.lock().close();
            assertInstanceOf(LockAttempt.Held.class, disk.tryLock(file, "me"));
            again.lock().close();
            assertTrue(0 < disk.usableBytes(directory));
        });
    }

    static void write(Disk disk, Path path, String text) throws DiskException {
        try (DiskFile file = disk.open(path, OpenMode.CREATE)) {
            file.truncate(0);
            file.write(List.of(Bytes.utf8(text)), 0);
            file.force(Force.METADATA);
        }
    }

    static String read(Disk disk, Path path) throws DiskException {
        try (DiskFile file = disk.open(path, OpenMode.READ)) {
            return textOf(file, 0, (int) file.size());
        }
    }

    static String textOf(DiskFile file, long position, int length) throws DiskException {
        ByteBuffer target = ByteBuffer.allocate(length);
        int read = file.read(target, position);
        assertEquals(target.position(), read);
        return Bytes.copyOf(target.array(), 0, read).toUtf8();
    }

    private static Object look(Disk disk, Path directory, String name) throws DiskException {
        return disk.look(directory.resolve(name));
    }
}
