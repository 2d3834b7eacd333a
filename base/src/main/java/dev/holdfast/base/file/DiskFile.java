package dev.holdfast.base.file;

import dev.holdfast.base.Bytes;
import java.nio.ByteBuffer;
import java.util.List;

/// An open file, read and written at positions.
///
/// Thread-safe. Closed by whoever opened it; an interrupt does not close it.
public interface DiskFile extends AutoCloseable {
    /// Reads from `position` on until `target` is full or the file ends. Returns how many bytes
    /// came.
    int read(ByteBuffer target, long position) throws DiskException;

    /// Writes all of `parts`, one after the other, from `position` on; the file grows as needed. A
    /// failure may leave any part of them written. Keeps none of them: whoever made them may use
    /// their memory again.
    void write(List<Bytes> parts, long position) throws DiskException;

    /// Writes all of `parts` at the end, and returns where they begin. For one writer at a time.
    default long append(List<Bytes> parts) throws DiskException {
        long position = size();
        write(parts, position);
        return position;
    }

    /// How many bytes it has.
    long size() throws DiskException;

    /// Cuts off what lies beyond `size`.
    void truncate(long size) throws DiskException;

    /// Fills it up with zeros to `size`, so that later writes below it need neither room nor a
    /// change of metadata.
    void preallocate(long size) throws DiskException;

    /// Makes durable what was written before. Not the file's name: that is [Disk#forceDirectory].
    /// After a failure the file is never again to be trusted, see [Disk].
    void force(Force what) throws DiskException;

    @Override
    void close() throws DiskException;
}
