package dev.holdfast.objectstore.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalStoreFullDiskTest {
    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createTempDirectory("holdfast-tiny-disk");
        mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
        assumeTrue(mounted, "SKIPPED: a full disk needs root, to mount a tiny tmpfs");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) run("umount", disk.toString());
        Files.deleteIfExists(disk);
    }

    @Test
    void shouldRefuseAndLeaveNothingWhenTheDiskIsFull() throws IOException {
        // given
        LocalStore store = new LocalStore(disk, Env.system());
        store.put("small", List.of(Bytes.utf8("x")));
        Bytes large = Bytes.wrap(new byte[2 << 20]);
        // then
        assertThrows(Refused.class, () -> store.put("large", List.of(large)));
        assertThrows(
                Refused.class,
                () -> store.putIfAbsent("large", List.of(large), Ulid.next(Env.system())));
        assertNull(store.get("large"));
        assertEquals(1, store.list("", null, 10).size());
        try (var staged = Files.list(disk.resolve(".holdfast-tmp"))) {
            assertEquals(List.of(), staged.toList());
        }
        // and: what was there stays, and what fits still goes in
        assertEquals(Bytes.utf8("x"), store.get("small"));
        store.put("another", List.of(Bytes.utf8("y")));
        assertEquals(Bytes.utf8("y"), store.get("another"));
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
            return process.waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
