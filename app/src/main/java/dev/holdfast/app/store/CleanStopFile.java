package dev.holdfast.app.store;

import dev.holdfast.base.Adapter;
import dev.holdfast.lifecycle.CleanMarker;
import dev.holdfast.objectstore.ObjectStores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The proof of a clean stop, as the file `.holdfast.clean` beside the database: whole or not
/// there, and durable either way.
@Adapter("the proof is a file")
public final class CleanStopFile implements CleanMarker {
    /// The file's name. Stores take names that begin so for their own.
    public static final String NAME = ".holdfast.clean";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path directory;

    /// Beside the database at `location`, which is a directory of this machine.
    public CleanStopFile(DatabaseLocation location) {
        this.directory = ObjectStores.directoryOf(location.url()).resolve(location.path());
    }

    @Override
    public void write(CleanStop stop) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("epoch", stop.epoch());
        object.put("durable", stop.durable());
        object.put("reportHash", stop.reportHash());
        Path draft = directory.resolve(NAME + ".tmp");
        byte[] text = (JSON.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8);
        try (var channel =
                FileChannel.open(
                        draft,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(text);
            while (left.hasRemaining()) channel.write(left);
            channel.force(true);
        }
        Files.move(draft, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        syncDirectory();
    }

    @Override
    public void remove() throws IOException {
        if (Files.deleteIfExists(directory.resolve(NAME))) syncDirectory();
    }

    private void syncDirectory() throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
