package dev.holdfast.engine.tier;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.format.local.LocalIdentity;
import dev.holdfast.format.local.RecordHead;
import dev.holdfast.format.local.SegmentHead;
import dev.holdfast.format.seal.SectionSeal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads back what an earlier life has left in its segments.
///
/// Invariants:
/// 1. What comes is a prefix of the commits that were logged behind `after`, each as it was logged.
/// 2. The walk ends where the chain ends. Where something behind it proves that more was durable
///    once, it ends in `CorruptData`, unless the object store has what is missing.
/// 3. A segment counts up to where the next one says that it begins: what an abandoned segment
///    holds beyond was written again.
final class LogScan {
    /// Takes what is read back.
    interface Sink {
        void commit(LocalRecord record) throws InterruptedException, DiskException;
    }

    /// How far the walk came.
    ///
    /// @param lastSeq the last commit of the log, or where the walk began
    /// @param segment where it ended, 0 if there was none to walk through
    /// @param position in that segment
    record End(long lastSeq, long segment, long position) {}

    private record Segment(long number, SegmentHead head) {}

    private final Disk disk;
    private final SegmentNames names;
    private final LocalIdentity identity;
    private final SectionSeal seal;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Long> headless = new ArrayList<>();

    private LogScan(Disk disk, SegmentNames names, LocalIdentity identity, SectionSeal seal) {
        this.seal = seal;
        this.disk = disk;
        this.names = names;
        this.identity = identity;
    }

    /// Looks at the heads of the segments that count.
    static LogScan of(Disk disk, SegmentNames names, LocalIdentity identity, SectionSeal seal)
            throws DiskException {
        var scan = new LogScan(disk, names, identity, seal);
        for (long number : scan.numbers()) {
            SegmentHead head = scan.headOf(number);
            if (head == null) scan.headless.add(number);
            else if (scan.counts(head)) scan.segments.add(new Segment(number, head));
        }
        return scan;
    }

    private TreeSet<Long> numbers() throws DiskException {
        var numbers = new TreeSet<Long>();
        disk.list(
                names.directory(),
                name -> {
                    long number = SegmentNames.numberOfSegment(name);
                    if (identity.firstSegment() <= number) numbers.add(number);
                });
        return numbers;
    }

    private @Nullable SegmentHead headOf(long number) throws DiskException {
        try (DiskFile file = disk.open(names.segment(number), OpenMode.READ)) {
            return new SegmentReader(file, number).head();
        }
    }

    // Those of a later epoch are a copy that was not finished.
    private boolean counts(SegmentHead head) {
        return head.epoch() == identity.logEpoch() && head.database().equals(identity.database());
    }

    /// Where the first segment begins; 0 if there is none.
    long beginsAfter() {
        return segments.isEmpty() ? 0 : segments.getFirst().head.seqBefore();
    }

    /// True if [#beginsAfter] is what the lowest segment of the directory says.
    boolean isBeginKnown() {
        if (segments.isEmpty()) return false;
        return headless.isEmpty() || segments.getFirst().number < headless.getFirst();
    }

    /// True if a segment has lost its head. The last one may never have had any: it has lost it
    /// only if there are records in it.
    boolean hasLostHeads() throws DiskException {
        for (long number : headless)
            if (number != numbers().last() || 0 <= recordIn(number, Long.MIN_VALUE)) return true;
        return false;
    }

    /// Hands out the commits behind `after`, which is the last commit that the object store has.
    End replay(long after, Sink sink) throws DiskException, InterruptedException {
        int start = startFor(after);
        var end = new End(after, 0, 0);
        if (0 <= start) {
            var walk = new Walk(after, sink, segments.get(start).head);
            for (int i = start; i < segments.size(); i++) end = walk.through(i);
        }
        requireNothingIn(headless, end.lastSeq);
        return end;
    }

    // The last segment that begins within what the object store has: older ones are not needed.
    private int startFor(long after) {
        int start = segments.size() - 1;
        while (0 <= start && after < segments.get(start).head.seqBefore()) start--;
        if (start < 0 && !segments.isEmpty())
            throw new CorruptData(
                    ("the object store ends before the local log begins: commits are missing"
                                    + " in between. store=`%d`, log after=`%d`, directory=`%s`")
                            .formatted(after, beginsAfter(), names.directory()),
                    null);
        return start;
    }

    /// One walk through segments, from the first that is needed to the last.
    private final class Walk {
        private final long after;
        private final Sink sink;
        private long seq;
        private long chain;

        Walk(long after, Sink sink, SegmentHead first) {
            this.after = after;
            this.sink = sink;
            seq = first.seqBefore();
            chain = first.chainBefore();
        }

        End through(int index) throws DiskException, InterruptedException {
            Segment segment = segments.get(index);
            Path path = names.segment(segment.number);
            boolean isLast = index == segments.size() - 1;
            long limit = isLast ? Long.MAX_VALUE : segments.get(index + 1).head.seqBefore();
            try (DiskFile file = disk.open(path, OpenMode.READ)) {
                var reader = new SegmentReader(file, segment.number);
                walk(reader, segment.number, limit);
                if (isLast) requireNoProof(reader, path);
                else requireFollows(segments.get(index + 1).head, reader, path);
                return new End(Math.max(seq, after), segment.number, reader.position());
            }
        }

        private void walk(SegmentReader reader, long number, long limit)
                throws DiskException, InterruptedException {
            while (seq < limit) {
                var link = new RecordHead.Link(number, identity.logEpoch(), chain, 0);
                SegmentReader.Found found = reader.next(link, seq + 1);
                if (found == null && !skipsDamage(reader)) return;
                if (found != null) take(found);
            }
        }

        private void take(SegmentReader.Found found) throws DiskException, InterruptedException {
            seq = found.head().seq();
            chain = found.head().chain();
            if (seq <= after) return;
            var record = new LocalRecord(seq, found.head().createdAtMillis(), found.rows());
            sink.commit(record.openedBy(seal));
        }

        // Up to `after` nothing is needed from here, so damage in it is passed over.
        private boolean skipsDamage(SegmentReader reader) throws DiskException {
            if (after <= seq) return false;
            long at =
                    reader.find(
                            head -> head.epoch() == identity.logEpoch() && head.seq() == after + 1);
            if (at < 0) return false;
            seq = after;
            chain = reader.jump(at).chainBefore();
            return true;
        }

        private void requireFollows(SegmentHead next, SegmentReader reader, Path path) {
            boolean isNext = seq <= next.seqBefore() && chain == next.chainBefore();
            if (!isNext) throw damaged(path, reader.position(), seq + 1);
            seq = next.seqBefore(); // what lies between went into published tables past the log
        }

        private void requireNoProof(SegmentReader reader, Path path) throws DiskException {
            long missing = Math.max(seq, after) + 1;
            long proof =
                    reader.find(head ->
                            head.epoch() == identity.logEpoch() && missing <= head.forcedSeq());
            if (0 <= proof) throw damaged(path, reader.position(), missing);
        }
    }

    // A head is durable before the first record is written: records without one are damage.
    private void requireNothingIn(List<Long> numbers, long lastSeq) throws DiskException {
        for (long number : numbers)
            if (0 <= recordIn(number, lastSeq))
                throw damaged(names.segment(number), 0, lastSeq + 1);
    }

    // Where the head of a record behind `seq` stands, or -1.
    private long recordIn(long number, long seq) throws DiskException {
        try (DiskFile file = disk.open(names.segment(number), OpenMode.READ)) {
            return new SegmentReader(file, number)
                    .find(head -> head.epoch() == identity.logEpoch() && seq < head.seq());
        }
    }

    private static CorruptData damaged(Path path, long position, long seq) {
        return new CorruptData(
                "the local log is damaged, and the object store does not have what is missing."
                        + " commit=`%d`, file=`%s`, offset=`%d`".formatted(seq, path, position),
                null);
    }
}
