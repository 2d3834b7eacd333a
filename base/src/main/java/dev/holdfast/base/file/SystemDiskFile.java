package dev.holdfast.base.file;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/// An open file of this machine.
///
/// It stands on a channel of the asynchronous kind that runs in the caller's thread, because that
/// kind alone is deaf to interrupts: the other closes itself when the thread that uses it is
/// interrupted, and hides the failure of a force that was under way.
@Adapter("files of this machine")
final class SystemDiskFile implements DiskFile {
    private static final int CHUNK_BYTES = 1 << 20; // bounds the JDK's copy outside the heap
    private static final int SMALL_BYTES = 1 << 16; // written together with its neighbours

    private final AsynchronousFileChannel channel;

    private SystemDiskFile(AsynchronousFileChannel channel) {
        this.channel = channel;
    }

    /// @param rights of the file, if it is made
    static SystemDiskFile open(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>[] rights)
            throws DiskException {
        try {
            return new SystemDiskFile(
                    AsynchronousFileChannel.open(path, options, CallerRuns.INSTANCE, rights));
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    AsynchronousFileChannel channel() {
        return channel;
    }

    @Override
    public int read(ByteBuffer target, long position) throws DiskException {
        int end = target.limit();
        int start = target.position();
        try {
            while (target.position() < end) {
                target.limit(Math.min(end, target.position() + CHUNK_BYTES));
                int at = target.position() - start;
                if (ended(channel.read(target, position + at)) < 0) break;
            }
            return target.position() - start;
        } finally {
            target.limit(end);
        }
    }

    @Override
    public void write(List<Bytes> parts, long position) throws DiskException {
        long at = position;
        ByteBuffer together = null;
        for (Bytes part : parts) {
            boolean isSmall = part.length() < SMALL_BYTES && 1 < parts.size();
            if (together != null && (!isSmall || together.remaining() < part.length())) {
                at = writeAll(together.flip(), at);
                together.clear();
            }
            if (isSmall) {
                if (together == null) together = ByteBuffer.allocate(togetherBytes(parts));
                together.put(part.array(), part.offset(), part.length());
            } else {
                at = writeAll(part.toBuffer(), at);
            }
        }
        if (together != null) writeAll(together.flip(), at);
    }

    private static int togetherBytes(List<Bytes> parts) {
        long small = 0;
        for (Bytes part : parts) if (part.length() < SMALL_BYTES) small += part.length();
        return (int) Math.min(small, CHUNK_BYTES);
    }

    private long writeAll(ByteBuffer source, long position) throws DiskException {
        long at = position;
        int end = source.limit();
        while (source.position() < end) {
            source.limit(Math.min(end, source.position() + CHUNK_BYTES));
            while (source.hasRemaining()) at += ended(channel.write(source, at));
        }
        return at;
    }

    @Override
    public long size() throws DiskException {
        try {
            return channel.size();
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    @Override
    public void truncate(long size) throws DiskException {
        try {
            channel.truncate(size);
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    @Override
    public void preallocate(long size) throws DiskException {
        long at = size();
        ByteBuffer zeros = ByteBuffer.allocate(Math.clamp(size - at, 0, CHUNK_BYTES));
        while (at < size) {
            zeros.clear().limit((int) Math.min(size - at, CHUNK_BYTES));
            at = writeAll(zeros, at);
        }
    }

    @Override
    public void force(Force what) throws DiskException {
        try {
            ForceThreads.run(() -> channel.force(what == Force.METADATA));
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    @Override
    public void close() throws DiskException {
        try {
            channel.close();
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    // It is over when it is handed out: see CallerRuns. So this never waits.
    private static int ended(Future<Integer> call) throws DiskException {
        if (call.state() == Future.State.SUCCESS) return call.resultNow();
        Throwable cause = call.exceptionNow();
        if (cause instanceof IOException failure) throw SystemFailure.of(failure);
        throw new DiskException.Failed(String.valueOf(cause.getMessage()), cause);
    }
}
