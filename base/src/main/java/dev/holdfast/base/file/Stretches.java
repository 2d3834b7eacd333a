package dev.holdfast.base.file;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/// Writes much at a time without keeping others from the disk: each stretch is forced before the
/// next is written. Of what is written and not forced a system may have very much, and whoever
/// forces another file of the disk then waits for all of it. RocksDB does so by `bytes_per_sync`.
///
/// What was written last is not forced: that is the caller's, as for any other write.
public final class Stretches {
    /// How much is written before it is forced.
    static final int BYTES = 2 << 20;

    private Stretches() {}

    /// Writes all of `parts`, one after the other, from the beginning of `file` on. As
    /// [DiskFile#write] does, but a force may fail, too.
    public static void write(DiskFile file, List<Bytes> parts) throws DiskException {
        List<Bytes> stretch = new ArrayList<>();
        long at = 0;
        int length = 0;
        for (Bytes part : parts) {
            int from = 0;
            while (BYTES < length + part.length() - from) {
                int to = from + BYTES - length;
                stretch.add(part.slice(from, to));
                file.write(stretch, at);
                file.force(Force.CONTENT);
                stretch.clear();
                at += BYTES;
                from = to;
                length = 0;
            }
            stretch.add(part.slice(from, part.length()));
            length += part.length() - from;
        }
        file.write(stretch, at);
    }

    /// Fills `file` up with zeros to `size`, as [DiskFile#preallocate] does.
    public static void preallocate(DiskFile file, long size) throws DiskException {
        for (long at = file.size() + BYTES; at < size; at += BYTES) {
            file.preallocate(at);
            file.force(Force.CONTENT);
        }
        file.preallocate(size);
    }
}
