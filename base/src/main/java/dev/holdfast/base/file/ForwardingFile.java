package dev.holdfast.base.file;

import dev.holdfast.base.Bytes;
import java.nio.ByteBuffer;
import java.util.List;

/// An open file that passes every call on, for those that change one thing.
public class ForwardingFile implements DiskFile {
    protected final DiskFile inner;

    protected ForwardingFile(DiskFile inner) {
        this.inner = inner;
    }

    @Override
    public int read(ByteBuffer target, long position) throws DiskException {
        return inner.read(target, position);
    }

    @Override
    public void write(List<Bytes> parts, long position) throws DiskException {
        inner.write(parts, position);
    }

    @Override
    public long size() throws DiskException {
        return inner.size();
    }

    @Override
    public void truncate(long size) throws DiskException {
        inner.truncate(size);
    }

    @Override
    public void preallocate(long size) throws DiskException {
        inner.preallocate(size);
    }

    @Override
    public void force(Force what) throws DiskException {
        inner.force(what);
    }

    @Override
    public void close() throws DiskException {
        inner.close();
    }
}
