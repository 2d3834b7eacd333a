package dev.holdfast.objectstore.local;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where bytes are written and fsynced before they get their name: a hidden directory at the root.
///
/// It is made at the first put, so that a store that is only read is never written to. Files that
/// processes left there when they died are removed then, once they are older than an hour: should
/// their writer have been asleep all that time, its put finds its file gone and ends unknown.
@Adapter("the local object store is files")
final class Staging {
    private static final String NAME = Directories.RESERVED + "-tmp";
    private static final Duration LEFT_OVER_AFTER = Duration.ofHours(1);
    private static final int GATHER_BYTES = 1 << 20; // bounds the JDK's copy outside the heap
    private static final int GATHER_PARTS = 256;

    private final Directories directories;
    private final Env env;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Path directory; // null until the first put
    private volatile boolean keepsAttributes; // written before `directory`

    Staging(Directories directories, Env env) {
        this.directories = directories;
        this.env = env;
    }

    /// Writes `parts` to a fresh file with `putId` beside it where the file system keeps
    /// attributes, and makes it durable. Nothing is left behind on failure.
    Path write(List<Bytes> parts, @Nullable Ulid putId) {
        directories.checkWritable();
        Path file = open().resolve(Ulid.next(env) + ".part");
        try {
            writeAndSync(file, parts, putId);
            return file;
        } catch (IOException failure) {
            throw failed(file, parts, failure);
        }
    }

    /// Removes a staged file; what cannot be removed now is left for the next opening.
    void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            System.getLogger(Staging.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "staged file not removed: path=`{0}` cause=`{1}`",
                            file,
                            failure.getMessage());
        }
    }

    private void writeAndSync(Path file, List<Bytes> parts, @Nullable Ulid putId)
            throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (putId != null && keepsAttributes) PutIdAttribute.write(file, putId);
            gather(channel, parts);
            channel.force(true); // the attributes too
        }
    }

    private static void gather(FileChannel channel, List<Bytes> parts) throws IOException {
        List<ByteBuffer> batch = new ArrayList<>();
        int bytes = 0;
        for (Bytes part : parts) {
            for (int at = 0; at < part.length(); ) {
                int length = Math.min(part.length() - at, GATHER_BYTES - bytes);
                batch.add(ByteBuffer.wrap(part.array(), part.offset() + at, length));
                at += length;
                bytes += length;
                if (bytes < GATHER_BYTES && batch.size() < GATHER_PARTS) continue;
                flush(channel, batch);
                bytes = 0;
            }
        }
        flush(channel, batch);
    }

    private static void flush(FileChannel channel, List<ByteBuffer> batch) throws IOException {
        ByteBuffer[] buffers = batch.toArray(ByteBuffer[]::new);
        for (int next = 0; next < buffers.length; ) {
            channel.write(buffers, next, buffers.length - next);
            while (next < buffers.length && !buffers[next].hasRemaining()) next++;
        }
        batch.clear();
    }

    private ObjectStoreException failed(Path file, List<Bytes> parts, IOException failure) {
        discard(file);
        if (!Files.isDirectory(file.getParent())) {
            directories.forgetParentOf(file);
            directory = null;
        }
        long needed = parts.stream().mapToLong(Bytes::length).sum();
        ObjectStoreException known = IoFailure.of("object not written", file, failure);
        if (known instanceof Refused || !isFull(needed)) return known;
        return new Refused("disk full. path=`" + directories.root() + "`", failure);
    }

    // The reason in the exception may be in any language; the free space is not.
    private boolean isFull(long needed) {
        try {
            return Files.getFileStore(directories.root()).getUsableSpace() < needed;
        } catch (IOException unanswered) {
            return false;
        }
    }

    private Path open() {
        Path known = directory;
        if (known != null) return known;
        opening.lock();
        try {
            Path opened = directory;
            if (opened != null) return opened;
            opened = directories.ensureBelowRoot(NAME);
            removeLeftOvers(opened);
            probe(opened);
            directory = opened;
            return opened;
        } catch (IOException failure) {
            throw IoFailure.of(
                    "staging directory not usable", directories.root().resolve(NAME), failure);
        } finally {
            opening.unlock();
        }
    }

    private void removeLeftOvers(Path staging) throws IOException {
        long oldest = env.currentTimeMillis() - LEFT_OVER_AFTER.toMillis();
        try (var files = Files.newDirectoryStream(staging)) {
            for (Path file : files) if (lastModifiedMillis(file) < oldest) discard(file);
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
    }

    private static long lastModifiedMillis(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (java.nio.file.NoSuchFileException goneMeanwhile) {
            return Long.MAX_VALUE;
        }
    }

    // Conditional create stands on hard links: a file system without them is refused before
    // anything depends on it.
    private void probe(Path staging) throws IOException {
        Path file = staging.resolve(Ulid.next(env) + ".probe");
        Path link = staging.resolve(Ulid.next(env) + ".probe");
        try {
            Files.createFile(file);
            Files.createLink(link, file);
            keepsAttributes = PutIdAttribute.isKeptOn(file, Ulid.next(env));
        } catch (UnsupportedOperationException noLinks) {
            throw new Refused(
                    "file system without hard links. path=`" + directories.root() + "`", noLinks);
        } finally {
            discard(link);
            discard(file);
        }
    }
}
