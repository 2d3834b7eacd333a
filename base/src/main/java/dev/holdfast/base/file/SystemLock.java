package dev.holdfast.base.file;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// A file that this process holds alone.
@Adapter("the lock is a file")
final class SystemLock implements DiskLock {
    private static final int HOLDER_BYTES_MAX = 512;

    // A POSIX lock belongs to the process, and closing any descriptor of the file lets go of it:
    // a second attempt in this JVM must not even open the file. Hence a record of our own, for the
    // whole process as the lock is.
    private static final ConcurrentMap<Path, String> HELD_HERE = new ConcurrentHashMap<>();

    private final Path file;
    private final DiskFile open;
    private final AtomicBoolean released = new AtomicBoolean();

    private SystemLock(Path file, DiskFile open) {
        this.file = file;
        this.open = open;
    }

    static LockAttempt tryTake(Path file, String holder) throws DiskException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) throw new DiskException.Absent("No such file", null);
        Path real = Disk.system().real(parent).resolve(file.getFileName());
        String earlier = HELD_HERE.putIfAbsent(real, holder);
        if (earlier != null) return new LockAttempt.Held(earlier + " (this process)");
        boolean isTaken = false;
        try {
            LockAttempt attempt = lock(real, holder);
            isTaken = attempt instanceof LockAttempt.Taken;
            return attempt;
        } finally {
            if (!isTaken) HELD_HERE.remove(real);
        }
    }

    private static LockAttempt lock(Path real, String holder) throws DiskException {
        var file = (SystemDiskFile) Disk.system().open(real, OpenMode.CREATE);
        boolean isTaken = false;
        try {
            FileLock lock = file.channel().tryLock();
            if (lock == null) return new LockAttempt.Held(holderIn(file));
            file.truncate(0);
            file.write(List.of(Bytes.utf8(holder + "\n")), 0);
            isTaken = true;
            return new LockAttempt.Taken(new SystemLock(real, file));
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        } finally {
            if (!isTaken) file.close();
        }
    }

    private static String holderIn(DiskFile file) throws DiskException {
        ByteBuffer text = ByteBuffer.allocate(HOLDER_BYTES_MAX);
        int length = file.read(text, 0);
        String first = new String(text.array(), 0, length, StandardCharsets.UTF_8);
        String line = first.lines().findFirst().orElse("").strip();
        return line.isEmpty() ? "another process" : line;
    }

    @Override
    public void close() throws DiskException {
        if (!released.compareAndSet(false, true)) return;
        // Whoever reads the file without touching the lock shall not find a holder that let go.
        try (open) {
            open.truncate(0);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
