package dev.holdfast.app.store;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.lifecycle.CleanMarker;
import dev.holdfast.objectstore.ObjectStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The proof of a clean stop, as the file `.holdfast.clean` beside the database: whole or not
/// there, and durable either way.
public final class CleanStopFile implements CleanMarker {
    /// The file's name. Stores take names that begin so for their own.
    public static final String NAME = ".holdfast.clean";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path directory;
    private final Disk disk;

    /// Beside the database at `location`, which is a directory of this machine.
    public CleanStopFile(DatabaseLocation location) {
        this(ObjectStores.directoryOf(location.url()).resolve(location.path()), Disk.system());
    }

    /// In `directory` of any disk.
    public CleanStopFile(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    @Override
    public void write(CleanStop stop) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("epoch", stop.epoch());
        object.put("durable", stop.durable());
        object.put("reportHash", stop.reportHash());
        Path draft = directory.resolve(NAME + ".tmp");
        Bytes text = Bytes.utf8(JSON.writeValueAsString(object) + "\n");
        try (DiskFile file = disk.open(draft, OpenMode.CREATE)) {
            file.truncate(0);
            file.write(List.of(text), 0);
            file.force(Force.METADATA);
        }
        disk.rename(draft, directory.resolve(NAME));
        disk.forceDirectory(directory);
    }

    /// True if the last run left it.
    public boolean isThere() throws IOException {
        return disk.look(directory.resolve(NAME)) != null;
    }

    @Override
    public void remove() throws IOException {
        if (disk.delete(directory.resolve(NAME))) disk.forceDirectory(directory);
    }
}
