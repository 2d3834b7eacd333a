package dev.holdfast.base.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What holds for the disks of this machine beyond what every disk promises.
class SystemDiskTest {
    private final Disk disk = Disk.system();

    @TempDir private Path directory;

    @Test
    void shouldGoOnWhenItsThreadIsInterrupted() throws Exception {
        // given
        try (DiskFile file = disk.open(directory.resolve("a"), OpenMode.CREATE_FRESH)) {
            Thread.currentThread().interrupt();
            // when
            file.write(List.of(Bytes.utf8("abc")), 0);
            file.force(Force.METADATA);
            disk.forceDirectory(directory);
            ByteBuffer read = ByteBuffer.allocate(3);
            int length = file.read(read, 0);
            // then: nothing was closed, and the interrupt is still there
            assertEquals(3, length);
            assertTrue(Thread.interrupted());
            file.write(List.of(Bytes.utf8("d")), 3);
        }
        assertEquals("abcd", Files.readString(directory.resolve("a")));
    }

    @Test
    void shouldGoOnWhenAVirtualThreadIsInterruptedWhileItForces() throws Exception {
        try (DiskFile file = disk.open(directory.resolve("a"), OpenMode.CREATE_FRESH)) {
            List<Throwable> failures = new ArrayList<>();
            Thread writer = Thread.ofVirtual().unstarted(() -> writeOften(file));
            writer.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
            writer.start();
            // when
            while (writer.isAlive()) writer.interrupt();
            // then
            assertEquals(List.of(), failures);
            assertEquals(200, file.size());
        }
    }

    private static void writeOften(DiskFile file) {
        try {
            for (int i = 0; i < 200; i++) {
                file.write(List.of(Bytes.utf8("x")), i);
                file.force(Force.CONTENT);
            }
        } catch (DiskException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void shouldWriteEveryPartInItsPlaceWhateverItsSize() throws Exception {
        // given: small ones, one that stands alone, one beyond what is written at once
        List<Bytes> parts = new ArrayList<>();
        for (int size : new int[] {3, 0, 70_000, 5, 65_535, 65_536, 1 << 20, (1 << 20) + 7, 2}) {
            byte[] part = new byte[size];
            for (int i = 0; i < size; i++) part[i] = (byte) (i + parts.size());
            parts.add(Bytes.wrap(part));
        }
        for (int i = 0; i < 50; i++) parts.add(Bytes.wrap(new byte[60_000]));
        // when
        try (DiskFile file = disk.open(directory.resolve("a"), OpenMode.CREATE_FRESH)) {
            file.append(List.of(Bytes.utf8("!")));
            file.append(parts);
        }
        // then
        int length = parts.stream().mapToInt(Bytes::length).sum();
        ByteBuffer expected = ByteBuffer.allocate(1 + length).put((byte) '!');
        for (Bytes part : parts) expected.put(part.toBuffer());
        assertEquals(
                Bytes.wrap(expected.array()),
                Bytes.wrap(Files.readAllBytes(directory.resolve("a"))));
    }

    @Test
    void shouldNotFollowALinkInTheLastPart() throws Exception {
        // given
        Files.writeString(directory.resolve("a"), "a");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("a"));
        // then
        assertEquals(
                DiskEntry.Kind.OTHER,
                assertInstanceOf(DiskEntry.class, disk.look(directory.resolve("link"))).kind());
        assertThrows(
                DiskException.Refused.class,
                () -> disk.open(directory.resolve("link"), OpenMode.READ));
        assertEquals(disk.real(directory.resolve("a")), disk.real(directory.resolve("link")));
    }
}
