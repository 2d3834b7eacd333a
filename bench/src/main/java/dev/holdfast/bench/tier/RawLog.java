package dev.holdfast.bench.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import java.nio.file.Path;
import java.util.List;

/// The least that a durable append can cost: a write and a force of a file whose room was taken
/// beforehand. Not thread-safe; closed by whoever made it.
final class RawLog implements AutoCloseable {
    private static final int RECORD_BYTES = 320;
    private static final long FILE_BYTES = 16 << 20;

    private final Env env;
    private final Disk disk;
    private final Path path;
    private final DiskFile file;
    private final Bytes record = Bytes.wrap(new byte[RECORD_BYTES]);
    private long position;

    RawLog(Disk disk, Path path, Env env) throws DiskException {
        this.env = env;
        this.disk = disk;
        this.path = path;
        file = disk.open(path, OpenMode.CREATE);
        file.preallocate(FILE_BYTES);
        file.force(Force.METADATA);
    }

    /// What `count` appends took, one after the other.
    void append(int count, Samples samples) throws DiskException {
        for (int i = 0; i < count; i++) {
            if (FILE_BYTES < position + RECORD_BYTES) position = 0;
            long before = env.nanoTime();
            file.write(List.of(record), position);
            file.force(Force.CONTENT);
            samples.add(env.nanoTime() - before);
            position += RECORD_BYTES;
        }
    }

    @Override
    public void close() throws DiskException {
        file.close();
        disk.delete(path);
    }
}
