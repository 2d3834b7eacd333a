package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.format.local.TableRecord;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstProperties;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The files of tables in the directory of the local log. Thread-safe.
///
/// Invariant: a file has its name only once all of it is durable, however many write it at once.
final class TableFiles {
    private static final int READS_MAX = 4;
    private static final int PIECE_BYTES = 1 << 20;

    private final Disk disk;
    private final SegmentNames names;
    private final AtomicLong attempts = new AtomicLong();

    TableFiles(Disk disk, SegmentNames names) {
        this.disk = disk;
        this.names = names;
    }

    /// Writes the file of the table `id`, in place of what had its name.
    void write(Ulid id, List<Bytes> content) throws DiskException {
        Path temporary = names.temporary(id, attempts.getAndIncrement());
        boolean isNamed = false;
        try {
            try (DiskFile file = disk.open(temporary, OpenMode.CREATE)) {
                file.truncate(0);
                file.write(content, 0);
                file.force(Force.METADATA);
            }
            disk.rename(temporary, names.table(id));
            isNamed = true;
            disk.forceDirectory(names.directory());
        } finally {
            if (!isNamed) disk.delete(temporary);
        }
    }

    /// `[offset, offset + length)` of the file, or null if it ends before.
    @Nullable Bytes read(Ulid id, long offset, int length) throws DiskException {
        for (int attempt = 1; ; attempt++) {
            try (DiskFile file = disk.open(names.table(id), OpenMode.READ)) {
                var bytes = ByteBuffer.allocate(length);
                boolean isWhole = file.read(bytes, offset) == length;
                return isWhole ? Bytes.wrap(bytes.array()) : null;
            } catch (DiskException.Absent absent) {
                throw absent;
            } catch (DiskException failure) {
                if (attempt == READS_MAX) throw failure;
            }
        }
    }

    /// The whole file, or null if it is not what was written.
    @Nullable List<Bytes> content(TableRecord record) throws DiskException {
        for (int attempt = 0; attempt < READS_MAX; attempt++) {
            List<Bytes> content = pieces(record);
            if (content != null && TableRecord.checksumOf(content) == record.checksum())
                return content;
        }
        return null;
    }

    private @Nullable List<Bytes> pieces(TableRecord record) throws DiskException {
        var pieces = new ArrayList<Bytes>();
        for (long at = 0; at < record.size(); at += PIECE_BYTES) {
            int length = (int) Math.min(PIECE_BYTES, record.size() - at);
            Bytes piece = read(record.id(), at, length);
            if (piece == null) return null;
            pieces.add(piece);
        }
        return pieces;
    }

    /// True if the file is what was written.
    boolean isSound(TableRecord record) throws DiskException {
        if (disk.look(names.table(record.id())) == null) return false;
        return content(record) != null;
    }

    /// What a manifest will say of the table; null if its file is not what was written.
    @Nullable SstHandle handle(TableRecord record) throws DiskException {
        if (disk.look(names.table(record.id())) == null) return null;
        List<Bytes> content = content(record);
        return content == null ? null : handle(record, joined(content, record.size()));
    }

    private static Bytes joined(List<Bytes> pieces, long size) {
        byte[] whole = new byte[Math.toIntExact(size)];
        int at = 0;
        for (Bytes piece : pieces) {
            piece.copyTo(whole, at);
            at += piece.length();
        }
        return Bytes.wrap(whole);
    }

    private static SstHandle handle(TableRecord record, Bytes file) {
        int footerAt = file.length() - SstFooter.BYTES;
        SstFooter footer = SstDecoder.footer(file.slice(footerAt, file.length()), file.length());
        int propertiesAt = Math.toIntExact(footer.propertiesOffset());
        SstProperties properties =
                SstDecoder.properties(file.slice(propertiesAt, footerAt), footer);
        return new SstHandle(record.id(), properties, footer.version());
    }
}
