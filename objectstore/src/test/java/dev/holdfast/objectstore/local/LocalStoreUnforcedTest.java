package dev.holdfast.objectstore.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.ForwardingDisk;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that gives an object its name and says that it failed: who reads the object back takes
/// the put for carried out, so its name has to last.
class LocalStoreUnforcedTest {
    private final Env env = Env.system();
    private final Ulid putId = Ulid.next(env);

    @TempDir private Path directory;
    private LyingDisk disk = new LyingDisk();
    private LocalStore store = new LocalStore(Path.of("/"), env);

    @BeforeEach
    void open() throws Exception {
        disk = new LyingDisk();
        store = new LocalStore(directory.toRealPath(), env, disk);
        store.put("x/before", List.of(Bytes.utf8("b")));
    }

    @Test
    void shouldForceTheNameBeforeItIsReadBack() {
        disk.isLying = true;
        assertInstanceOf(Unknown.class, put("x/a"));
        long forces = disk.forces;

        ObjectMeta found = store.head("x/a");

        assertEquals(putId, found == null ? null : found.putId());
        assertEquals(forces + 1, disk.forces);
        assertEquals(Bytes.utf8("a"), store.get("x/a"));
        assertEquals(forces + 1, disk.forces);
    }

    @Test
    void shouldForceTheNameThatARenameMade() {
        disk.isLying = true;
        assertInstanceOf(Unknown.class, store.put("x/a", List.of(Bytes.utf8("a"))));
        long forces = disk.forces;

        assertEquals(Bytes.utf8("a"), store.get("x/a"));

        assertEquals(forces + 1, disk.forces);
    }

    @Test
    void shouldNotReadBackWhatCannotBeForced() {
        disk.isLying = true;
        put("x/a");
        disk.isBroken = true;

        assertThrows(Refused.class, () -> store.head("x/a"));

        // A force that succeeds after one that failed proves nothing.
        disk.isBroken = false;
        assertThrows(Refused.class, () -> store.head("x/a"));
        assertThrows(Refused.class, () -> store.get("x/a"));
    }

    private Object put(String name) {
        return store.putIfAbsent(name, List.of(Bytes.utf8("a")), putId);
    }

    private static final class LyingDisk extends ForwardingDisk {
        private boolean isLying;
        private boolean isBroken;
        private long forces;

        LyingDisk() {
            super(Disk.system());
        }

        @Override
        public void link(Path file, Path name) throws DiskException {
            super.link(file, name);
            if (isLying) throw new DiskException.Failed("said to have failed", null);
        }

        @Override
        public void rename(Path source, Path target) throws DiskException {
            super.rename(source, target);
            if (isLying) throw new DiskException.Failed("said to have failed", null);
        }

        @Override
        public void forceDirectory(Path directory) throws DiskException {
            forces++;
            if (isBroken) throw new DiskException.Failed("said to have failed", null);
            super.forceDirectory(directory);
        }
    }
}
