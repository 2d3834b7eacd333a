package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.ForwardingDisk;
import dev.holdfast.base.file.ForwardingFile;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A local disk that hangs in a call while its database is closed.
@Timeout(60)
class HungDiskTest {
    private static final Bytes KEY = Bytes.utf8("key");

    @TempDir private Path directory;
    private final MemoryStore store = new MemoryStore();
    private final HungDisk hung = new HungDisk();

    /// The real disk, whose forces of files of one kind hang once it is told so.
    private static final class HungDisk extends ForwardingDisk {
        private final CountDownLatch isHanging = new CountDownLatch(1);
        private final CountDownLatch goesOn = new CountDownLatch(1);
        private final CountDownLatch isLetGo = new CountDownLatch(1);
        private volatile String kind = "none";

        HungDisk() {
            super(Disk.system());
        }

        @Override
        public DiskFile open(Path file, OpenMode mode) throws DiskException {
            String name = String.valueOf(file.getFileName());
            return new ForwardingFile(super.open(file, mode)) {
                @Override
                public void force(Force what) throws DiskException {
                    if (name.startsWith(kind)) {
                        isHanging.countDown();
                        await(goesOn);
                    }
                    super.force(what);
                }
            };
        }

        @Override
        public LockAttempt tryLock(Path file, String holder) throws DiskException {
            LockAttempt attempt = super.tryLock(file, holder);
            if (!(attempt instanceof LockAttempt.Taken taken)) return attempt;
            return new LockAttempt.Taken(() -> {
                taken.lock().close();
                isLetGo.countDown();
            });
        }
    }

    private static void await(CountDownLatch latch) {
        boolean wasInterrupted = Thread.interrupted(); // a disk hears no interrupt
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            await(latch);
            wasInterrupted = true;
        }
        if (wasInterrupted) Thread.currentThread().interrupt();
    }

    private HoldfastDb open(Disk disk) {
        var settings =
                Settings.defaults().but().untended().flushInterval(Duration.ofMinutes(10)).build();
        var local =
                LocalSettings.in(directory)
                        .withSegmentSize(ByteSize.kibibytes(64))
                        .withCacheSize(ByteSize.bytes(0));
        return Engine.builder(store, "db").settings(settings).local(local, disk).open();
    }

    private static void write(HoldfastDb db, String value, Durability level) {
        db.write(new WriteBatch().put(KEY, Bytes.utf8(value)), level);
    }

    @Test
    @Tag("owner")
    void shouldHoldTheDirectoryWhileATableIsBeingWrittenThere() {
        // given: a thread that hangs over a table
        HoldfastDb db = open(hung);
        hung.kind = "table-";
        write(db, "1", Durability.LOCAL);
        Env.system().start("flush", () -> assertThrows(Closed.class, db::flushMemtables));
        await(hung.isHanging);
        // when
        ShutdownReport report = db.shutdown(Mode.FAST, Duration.ofSeconds(2));
        // then
        assertTrue(report.toJson().contains("calls to the local disk"), report.toJson());
        assertThrows(Unavailable.class, () -> open(Disk.system()));
        hung.goesOn.countDown();
        await(hung.isLetGo);
        try (HoldfastDb next = open(Disk.system())) {
            assertEquals(Bytes.utf8("1"), next.get(KEY));
        }
    }

    @Test
    void shouldHoldTheDirectoryWhoseLogHangs() {
        HoldfastDb db = open(hung);
        write(db, "forced", Durability.LOCAL);
        hung.kind = "segment-";
        write(db, "hangs", Durability.MEMORY);
        await(hung.isHanging);

        ShutdownReport report = db.shutdown(Mode.FAST, Duration.ofSeconds(2));

        assertTrue(report.toJson().contains("\"ABANDONED\""), report.toJson());
        assertThrows(Unavailable.class, () -> open(Disk.system()));
        hung.goesOn.countDown();
    }
}
