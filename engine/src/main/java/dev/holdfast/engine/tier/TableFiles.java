package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.base.file.Stretches;
import dev.holdfast.format.local.TableRecord;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.wire.FormatException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The files of tables in the directory of the local log. Thread-safe.
///
/// Invariant: a file has its name only once all of it is durable, however many write it at once.
final class TableFiles {
    private static final int READS_MAX = 4;
    private static final int PIECE_BYTES = 256 << 10;
    private static final long PROPERTIES_BYTES_MAX = 1 << 20;

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
                Stretches.write(file, content);
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
            var content = new ArrayList<Bytes>();
            if (isAsWritten(record, (_, piece) -> content.add(piece))) return content;
        }
        return null;
    }

    /// Takes the pieces of a file in their order.
    private interface Taker {
        void take(long at, Bytes piece);
    }

    private boolean isAsWritten(TableRecord record, Taker taker) throws DiskException {
        var sum = new CRC32C();
        for (long at = 0; at < record.size(); at += PIECE_BYTES) {
            int length = (int) Math.min(PIECE_BYTES, record.size() - at);
            Bytes piece = read(record.id(), at, length);
            if (piece == null) return false;
            sum.update(piece.array(), piece.offset(), piece.length());
            taker.take(at, piece);
        }
        return (int) sum.getValue() == record.checksum();
    }

    /// True if the file is what was written. Holds one piece of it at a time.
    boolean isSound(TableRecord record) throws DiskException {
        if (disk.look(names.table(record.id())) == null) return false;
        for (int attempt = 0; attempt < READS_MAX; attempt++)
            if (isAsWritten(record, (_, _) -> {})) return true;
        return false;
    }

    /// What a manifest will say of the table; null if its file is not what was written. Holds one
    /// piece of it at a time, beside what is asked for.
    @Nullable SstHandle handle(TableRecord record) throws DiskException {
        if (disk.look(names.table(record.id())) == null) return null;
        for (int attempt = 0; attempt < READS_MAX; attempt++) {
            SstHandle handle = handleIfWhole(record);
            if (handle != null) return handle;
        }
        return null;
    }

    // What stands at the end says where the properties begin, and is believed once the file has
    // proved whole and says so again.
    private @Nullable SstHandle handleIfWhole(TableRecord record) throws DiskException {
        long from = propertiesAt(record);
        if (from < 0) return null;
        byte[] rest = new byte[Math.toIntExact(record.size() - from)];
        boolean isWhole =
                isAsWritten(
                        record,
                        (at, piece) -> {
                            int skipped = Math.clamp(from - at, 0, piece.length());
                            Bytes wanted = piece.slice(skipped, piece.length());
                            if (!wanted.isEmpty()) wanted.copyTo(rest, (int) (at + skipped - from));
                        });
        if (!isWhole) return null;
        Bytes tail = Bytes.wrap(rest);
        SstFooter footer = SstDecoder.footer(tail, record.size());
        if (footer.propertiesOffset() != from) return null;
        Bytes properties = tail.slice(0, tail.length() - SstFooter.BYTES);
        return new SstHandle(
                record.id(), SstDecoder.properties(properties, footer), footer.version());
    }

    // -1 if the file is not what was written.
    private long propertiesAt(TableRecord record) throws DiskException {
        if (record.size() < SstFooter.BYTES) return -1;
        Bytes end = read(record.id(), record.size() - SstFooter.BYTES, SstFooter.BYTES);
        if (end == null) return -1;
        try {
            long at = SstDecoder.footer(end, record.size()).propertiesOffset();
            return record.size() - at <= PROPERTIES_BYTES_MAX ? at : -1;
        } catch (FormatException damaged) {
            return -1;
        }
    }
}
