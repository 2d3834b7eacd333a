package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.format.local.RecordHead;
import dev.holdfast.format.local.RecordRows;
import dev.holdfast.format.local.SegmentHead;
import dev.holdfast.format.seal.SealHead;
import dev.holdfast.format.wire.FormatException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads one segment from its beginning, record by record, as long as each is the one that the
/// chain expects.
///
/// Whatever does not fit is read again before it is believed: a disk may give a wrong sector once.
/// What a record's length says is believed only once its head has proved whole and the file is as
/// long, so nothing is allocated by a number that was made up.
///
/// Not thread-safe.
final class SegmentReader {
    private static final int READS_MAX = 4;
    private static final int WINDOW_BYTES = 1 << 16;

    private final DiskFile file;
    private final long fileBytes;
    private final long number;
    private byte[] window = new byte[0];
    private long windowAt;
    private long position = SegmentHead.BYTES;

    SegmentReader(DiskFile file, long number) throws DiskException {
        this.file = file;
        this.number = number;
        fileBytes = file.size();
    }

    /// Its head, or null if it has none that is whole.
    @Nullable SegmentHead head() throws DiskException {
        for (int i = 0; i < READS_MAX; i++) {
            try {
                SegmentHead head = SegmentHead.decode(read(0, SegmentHead.BYTES));
                FormatException.require(head.number() == number, "head of another segment");
                return head;
            } catch (FormatException _) {
                forget();
            }
        }
        return null;
    }

    /// Where the next record is expected, or what ended the walk stands.
    long position() {
        return position;
    }

    /// The next record if it continues the chain `expected`, else null.
    @Nullable Found next(RecordHead.Link expected, long seq) throws DiskException {
        for (int i = 0; i < READS_MAX; i++) {
            try {
                return readNext(expected, seq);
            } catch (FormatException _) {
                forget();
            }
        }
        return null;
    }

    /// A record as it was found.
    record Found(RecordHead head, Bytes rows) {}

    private Found readNext(RecordHead.Link expected, long seq) throws DiskException {
        RecordHead head = RecordHead.decode(bytesAt(position, RecordHead.BYTES).toArray(), 0);
        boolean isExpected =
                head.segment() == number
                        && head.epoch() == expected.epoch()
                        && head.chainBefore() == expected.chainBefore()
                        && head.seq() == seq;
        FormatException.require(isExpected, "record of another place");
        FormatException.require(
                head.length() <= fileBytes - position - RecordHead.BYTES, "record beyond the end");
        Bytes rows = bytesAt(position + RecordHead.BYTES, head.length());
        head.requireRows(rows);
        if (!SealHead.isSealed(rows)) RecordRows.count(rows);
        position += RecordHead.spaceFor(head.length());
        return new Found(head, rows);
    }

    /// Looks behind the end of the walk for a whole head of this segment that is `meant`, wherever
    /// it stands. Returns where that is, or -1.
    long find(Predicate<RecordHead> meant) throws DiskException {
        long at = position;
        while (at + RecordHead.BYTES <= fileBytes) {
            Bytes part = bytesAt(at, (int) Math.min(WINDOW_BYTES, fileBytes - at));
            int last = part.length() - RecordHead.BYTES;
            for (int i = 0; i <= last; i += RecordHead.ALIGNMENT)
                if (isMeant(part, i, meant)) return at + i;
            at += last / RecordHead.ALIGNMENT * RecordHead.ALIGNMENT + RecordHead.ALIGNMENT;
        }
        return -1;
    }

    private boolean isMeant(Bytes part, int at, Predicate<RecordHead> meant) {
        int start = part.offset() + at;
        if (!RecordHead.isLikely(part.array(), start)) return false;
        try {
            RecordHead head = RecordHead.decode(part.array(), start);
            return head.segment() == number && meant.test(head);
        } catch (FormatException _) {
            return false;
        }
    }

    /// Goes on at `at`, where a head was found, and returns that head.
    RecordHead jump(long at) throws DiskException {
        position = at;
        return RecordHead.decode(bytesAt(at, RecordHead.BYTES).toArray(), 0);
    }

    private Bytes bytesAt(long at, int length) throws DiskException {
        if (WINDOW_BYTES < length) return read(at, length);
        if (at < windowAt || windowAt + window.length < at + length) {
            Bytes more = read(at, (int) Math.min(WINDOW_BYTES, Math.max(0, fileBytes - at)));
            window = more.toArray();
            windowAt = at;
        }
        int from = (int) (at - windowAt);
        FormatException.require(length <= window.length - from, "segment truncated");
        // A copy: rows outlive the window.
        return Bytes.copyOf(window, from, length);
    }

    private void forget() {
        window = new byte[0];
    }

    // Bounded by the file: whoever calls has looked at its size.
    private Bytes read(long at, int length) throws DiskException {
        ByteBuffer target = ByteBuffer.allocate(length);
        int there = file.read(target, at);
        return Bytes.wrap(target.array(), 0, there);
    }
}
