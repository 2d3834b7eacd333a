package dev.holdfast.system.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/// A file outside the server that says how many writes were acknowledged to each client, fsynced
/// before the client goes on.
///
/// Thread-safe: a record is one append.
final class AckLog implements AutoCloseable {
    private static final int RECORD_BYTES = 2 * Integer.BYTES;

    private final Path file;
    private final FileChannel channel;

    AckLog(Path file) throws IOException {
        this.file = file;
        Files.deleteIfExists(file);
        this.channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    }

    void append(int client, int acknowledged) throws IOException {
        var entry = ByteBuffer.allocate(RECORD_BYTES).putInt(client).putInt(acknowledged).flip();
        if (channel.write(entry) != RECORD_BYTES) throw new IOException("short append");
        channel.force(false);
    }

    /// What the file says: the highest count of each client.
    Map<Integer, Integer> read() throws IOException {
        var counts = new HashMap<Integer, Integer>();
        try (var in = FileChannel.open(file)) {
            var all = ByteBuffer.allocate((int) in.size());
            while (all.hasRemaining() && 0 <= in.read(all)) {}
            all.flip();
            while (RECORD_BYTES <= all.remaining())
                counts.merge(all.getInt(), all.getInt(), Math::max);
        }
        return counts;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
