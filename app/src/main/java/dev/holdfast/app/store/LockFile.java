package dev.holdfast.app.store;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.local.DirectoryLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who holds a directory, read from the lock's file without touching the lock.
///
/// A holder that lets go empties the file. One that dies leaves its words behind, so they count
/// only while the process that they name is alive, and as old as they say. Never asked in the
/// process that holds the lock: on some systems closing the file again would let go of it.
public final class LockFile {
    private static final Pattern HOLDER = Pattern.compile("pid (\\d{1,18}) since (\\S+)");
    private static final int BYTES_MAX = 512;

    private LockFile() {}

    /// The process of this machine that holds the directory at `location`; null if none does.
    public static @Nullable String holderAt(DatabaseLocation location) throws IOException {
        Path directory = ObjectStores.directoryOf(location.url()).resolve(location.path());
        return holderIn(directory.resolve(DirectoryLock.FILE_NAME), Disk.system());
    }

    private static @Nullable String holderIn(Path path, Disk disk) throws IOException {
        try (DiskFile file = disk.open(path, OpenMode.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);
            int length = file.read(bytes, 0);
            String text = new String(bytes.array(), 0, length, StandardCharsets.UTF_8).strip();
            return isAlive(text) ? text : null;
        } catch (DiskException.Absent none) {
            return null;
        }
    }

    private static boolean isAlive(String holder) {
        Matcher words = HOLDER.matcher(holder);
        if (!words.matches()) return false;
        try {
            Instant since = Instant.parse(words.group(2));
            return ProcessHandle.of(Long.parseLong(words.group(1)))
                    .filter(ProcessHandle::isAlive)
                    .flatMap(process -> process.info().startInstant())
                    .filter(start -> start.isBefore(since.plusSeconds(1)))
                    .isPresent();
        } catch (DateTimeException malformed) {
            return false;
        }
    }
}
