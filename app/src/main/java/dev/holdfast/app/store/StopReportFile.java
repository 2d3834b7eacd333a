package dev.holdfast.app.store;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.objectstore.ObjectStores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The report of the last stop, as the file `.holdfast.report` beside the database.
///
/// Invariant: while a run lasts there is none, so what a start finds is of the run before, and
/// nothing there means that it was killed or ended at once.
public final class StopReportFile {
    /// The file's name. Stores take names that begin so for their own.
    public static final String NAME = ".holdfast.report";

    private static final int BYTES_MAX = 4 * 1024 * 1024;

    private final Path directory;
    private final Disk disk;

    /// Beside the database at `location`, which is a directory of this machine.
    public StopReportFile(DatabaseLocation location) {
        this(ObjectStores.directoryOf(location.url()).resolve(location.path()), Disk.system());
    }

    /// In `directory` of any disk.
    public StopReportFile(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    /// Leaves `json`.
    public void write(String json) throws IOException {
        Bytes text = Bytes.utf8(json + "\n");
        if (BYTES_MAX < text.length()) throw new IOException("report too large: " + text.length());
        Path draft = directory.resolve(NAME + ".tmp");
        try (DiskFile file = disk.open(draft, OpenMode.CREATE)) {
            file.truncate(0);
            file.write(List.of(text), 0);
            file.force(Force.METADATA);
        }
        disk.rename(draft, directory.resolve(NAME));
        disk.forceDirectory(directory);
    }

    /// Takes away what the run before has left, and returns it; null if it left nothing.
    public @Nullable String take() throws IOException {
        String left = read();
        if (disk.delete(directory.resolve(NAME))) disk.forceDirectory(directory);
        return left;
    }

    private @Nullable String read() throws IOException {
        try (DiskFile file = disk.open(directory.resolve(NAME), OpenMode.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), BYTES_MAX));
            int length = file.read(bytes, 0);
            return Bytes.wrap(bytes.array()).slice(0, length).toUtf8();
        } catch (DiskException.Absent none) {
            return null;
        }
    }
}
