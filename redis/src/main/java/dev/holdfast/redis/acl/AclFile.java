package dev.holdfast.redis.acl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.redis.resp.RespError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// The file that users are kept in, one a line. What is written takes the place of what was there
/// in one step, and is durable then.
public final class AclFile {
    private static final int BYTES_MAX = 64 << 20;

    private final Disk disk;
    private final Path path;

    public AclFile(Disk disk, Path path) {
        this.disk = disk;
        this.path = path.toAbsolutePath();
    }

    /// The lines of the file. Throws `RespError` if it cannot be read.
    List<String> read() {
        try (DiskFile file = disk.open(path, OpenMode.READ)) {
            long size = file.size();
            if (BYTES_MAX < size) throw failure("loading", "it is too large");
            ByteBuffer content = ByteBuffer.allocate((int) size);
            int read = file.read(content, 0);
            return new String(content.array(), 0, read, ISO_8859_1).lines().toList();
        } catch (DiskException.Absent absent) {
            throw failure("loading", "No such file or directory");
        } catch (DiskException failed) {
            throw failure("loading", String.valueOf(failed.getMessage()));
        }
    }

    /// Replaces the file by `lines`. Throws `RespError` if it cannot be written.
    void write(List<String> lines) {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try {
            disk.delete(fresh);
            try (DiskFile file = disk.open(fresh, OpenMode.CREATE_FRESH)) {
                file.append(List.of(RuleText.bytes(String.join("\n", lines) + "\n")));
                file.force(Force.METADATA);
            }
            disk.rename(fresh, path);
            Path directory = path.getParent();
            if (directory != null) disk.forceDirectory(directory);
        } catch (DiskException failed) {
            throw failure("saving", String.valueOf(failed.getMessage()));
        }
    }

    private RespError failure(String doing, String why) {
        return new RespError("ERR Error " + doing + " ACLs, opening file '" + path + "': " + why);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
