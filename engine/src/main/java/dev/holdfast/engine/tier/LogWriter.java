package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.format.local.RecordHead;
import dev.holdfast.format.local.SegmentHead;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes groups of commits to the segments, one after the other, each with one force.
///
/// Invariants:
/// 1. Every record names the chain behind the one before it.
/// 2. A segment that failed to write or to force is never written or forced again: what it may hold
///    beyond the last successful force is written to the next one, whose head says where that
///    begins.
///
/// Not thread-safe: used by the committer alone.
final class LogWriter {
    private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());
    private static final Bytes PADDING = Bytes.wrap(new byte[RecordHead.ALIGNMENT]);
    private static final int FRAME_LEAST = 1 << 14;
    private static final int FRAME_MOST = 1 << 18; // larger groups are written from where they are

    private final SegmentFiles files;
    private final UUID database;
    private final long epoch;
    private @Nullable DiskFile file;
    private long number;
    private long fileBytes;
    private long position;
    private long forcedSeq;
    private long forcedChain;
    private byte[] frame = new byte[FRAME_LEAST]; // of the last small group

    /// @param seqBefore the commits up to here are durable elsewhere
    /// @param chainBefore where the chain of this life begins
    LogWriter(SegmentFiles files, UUID database, long epoch, long seqBefore, long chainBefore) {
        this.files = files;
        this.database = database;
        this.epoch = epoch;
        forcedSeq = seqBefore;
        forcedChain = chainBefore;
    }

    /// Makes `group`, whose numbers follow on each other, durable, in a fresh segment if the
    /// present one fails. If that fails too, nothing of the group counts, and the same group can be
    /// tried again later.
    Durable<Long> commit(List<LocalRecord> group) throws DiskException {
        var sealed = new ArrayList<LocalRecord>(group.size());
        for (LocalRecord each : group) sealed.add(each.sealedBy(files.seal()));
        try {
            return attempt(sealed);
        } catch (DiskException first) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "local log segment abandoned. segment=`{0}`, forced up to=`{1}`: {2}",
                    number,
                    forcedSeq,
                    first.getMessage());
            abandon();
        }
        boolean isDone = false;
        try {
            Durable<Long> durable = attempt(sealed);
            isDone = true;
            return durable;
        } finally {
            if (!isDone) abandon();
        }
    }

    private Durable<Long> attempt(List<LocalRecord> group) throws DiskException {
        long bytes = LocalRecord.bytes(group);
        if (group.getFirst().seq() != forcedSeq + 1) leapTo(group.getFirst().seq() - 1);
        if (file == null || fileBytes < position + bytes) rotate(bytes);
        DiskFile open = file;
        if (open == null) throw new AssertionError("no segment");
        long chain = writeTo(open, group, bytes);
        open.force(Force.CONTENT);
        position += bytes;
        forcedSeq = group.getLast().seq();
        forcedChain = chain;
        return Durable.confirmed(forcedSeq);
    }

    // What lies between is in published tables: the head of the next segment says where it begins.
    private void leapTo(long seqBefore) throws DiskException {
        end();
        forcedSeq = seqBefore;
    }

    private long writeTo(DiskFile open, List<LocalRecord> group, long bytes) throws DiskException {
        if (bytes <= FRAME_MOST) return writeTogether(open, group, (int) bytes);
        List<Bytes> parts = new ArrayList<>(3 * group.size());
        byte[] heads = new byte[group.size() * RecordHead.BYTES];
        long chain = forcedChain;
        int at = 0;
        for (LocalRecord record : group) {
            chain = encodeHead(record, chain, heads, at);
            parts.add(Bytes.wrap(heads, at, RecordHead.BYTES));
            parts.add(record.rows());
            int padding = paddingOf(record);
            if (0 < padding) parts.add(PADDING.slice(0, padding));
            at += RecordHead.BYTES;
        }
        open.write(parts, position);
        return chain;
    }

    private long writeTogether(DiskFile open, List<LocalRecord> group, int bytes)
            throws DiskException {
        if (frame.length < bytes) frame = new byte[FRAME_MOST];
        long chain = forcedChain;
        int at = 0;
        for (LocalRecord record : group) {
            chain = encodeHead(record, chain, frame, at);
            record.rows().copyTo(frame, at + RecordHead.BYTES);
            int end = at + (int) record.bytes();
            Arrays.fill(frame, end - paddingOf(record), end, (byte) 0);
            at = end;
        }
        open.write(List.of(Bytes.wrap(frame, 0, bytes)), position);
        return chain;
    }

    // Returns the value of the chain behind it.
    private long encodeHead(LocalRecord record, long chain, byte[] out, int at) {
        var link = new RecordHead.Link(number, epoch, chain, forcedSeq);
        var head = RecordHead.of(record.rows(), link, record.seq(), record.createdAtMillis());
        head.encode(out, at);
        return head.chain();
    }

    private static int paddingOf(LocalRecord record) {
        return (int) (record.bytes() - RecordHead.BYTES - record.rows().length());
    }

    private void rotate(long bytes) throws DiskException {
        end();
        long next = files.nextNumber();
        var head = new SegmentHead(database, epoch, next, forcedSeq, forcedChain);
        file = files.create(head, bytes);
        number = next;
        position = SegmentHead.BYTES;
        fileBytes = file.size();
    }

    /// Ends the present segment: all in it is durable.
    void end() throws DiskException {
        DiskFile open = file;
        if (open == null) return;
        file = null;
        files.end(number, forcedSeq);
        open.close();
    }

    private void abandon() throws DiskException {
        DiskFile open = file;
        if (open == null) return;
        file = null;
        files.abandon(number, forcedSeq);
        open.close();
    }

    /// True if the present segment holds commits, all of them at or below `seq`.
    boolean isPresentCoveredBy(long seq) {
        return file != null && SegmentHead.BYTES < position && forcedSeq <= seq;
    }
}
