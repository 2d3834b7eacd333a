package dev.holdfast.base.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StretchesTest {
    private final Disk disk = Disk.system();
    private final List<Long> forcedAt = new ArrayList<>(); // sizes

    @TempDir private Path directory;

    private DiskFile open() throws DiskException {
        return new ForwardingFile(disk.open(directory.resolve("a"), OpenMode.CREATE_FRESH)) {
            @Override
            public void force(Force what) throws DiskException {
                forcedAt.add(size());
                super.force(what);
            }
        };
    }

    @Test
    void shouldWriteAllPartsAndForceEachStretchButTheLast() throws Exception {
        // given: parts shorter than a stretch, longer than several, none at all
        List<Bytes> parts = new ArrayList<>();
        var random = new Random(1);
        for (int length : new int[] {7, 0, Stretches.BYTES, 5 * Stretches.BYTES / 2, 1}) {
            byte[] part = new byte[length];
            random.nextBytes(part);
            parts.add(Bytes.wrap(part));
        }
        // when
        try (DiskFile file = open()) {
            Stretches.write(file, parts);
        }
        // then
        byte[] written = Files.readAllBytes(directory.resolve("a"));
        int at = 0;
        for (Bytes part : parts) {
            assertEquals(part, Bytes.wrap(written, at, part.length()));
            at += part.length();
        }
        assertEquals(at, written.length);
        long stretch = Stretches.BYTES;
        assertEquals(List.of(stretch, 2 * stretch, 3 * stretch), forcedAt);
    }

    @Test
    void shouldLeaveItToTheCallerToForceWhatIsShort() throws Exception {
        try (DiskFile file = open()) {
            Stretches.write(file, List.of(Bytes.wrap(new byte[Stretches.BYTES])));
            Stretches.write(file, List.of());
            assertEquals(Stretches.BYTES, file.size());
        }
        assertTrue(forcedAt.isEmpty());
    }

    @Test
    void shouldFillUpWithZerosAndKeepWhatIsThere() throws Exception {
        long size = 3L * Stretches.BYTES + 1;
        try (DiskFile file = open()) {
            file.write(List.of(Bytes.utf8("abc")), 0);
            // when
            Stretches.preallocate(file, size);
            Stretches.preallocate(file, 1);
        }
        // then
        byte[] expected = new byte[(int) size];
        Bytes.utf8("abc").copyTo(expected, 0);
        assertArrayEquals(expected, Files.readAllBytes(directory.resolve("a")));
        assertEquals(2, forcedAt.size());
    }
}
