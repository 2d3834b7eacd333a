package dev.holdfast.engine.tier;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.base.file.Stretches;
import dev.holdfast.format.local.SegmentHead;
import dev.holdfast.format.seal.SectionSeal;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The files of the segments of one life: made, ended, given back.
///
/// Invariants:
/// 1. When a segment is handed out its head and its name are durable, and its room is taken from
///    the disk.
/// 2. A file is given back only if all that counts in it is known to be elsewhere, oldest first.
/// 3. A file that failed is never used again.
///
/// Thread-safe: one thread makes segments, another gives them back.
final class SegmentFiles {
    // About as many as a memtable takes and come back at once: neither made nor removed then.
    private static final int SPARES_MAX = 6;

    /// One segment that was ended.
    private record Ended(long number, long lastSeq, boolean isSound) {}

    private final Disk disk;
    private final SegmentNames names;
    private final long segmentBytes;
    private final SectionSeal seal;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over I/O

    // Guarded by `guard`.
    private final ArrayDeque<Ended> ended = new ArrayDeque<>();
    private final ArrayDeque<Long> spares = new ArrayDeque<>();
    private long nextNumber;

    SegmentFiles(LocalPlace place, SegmentNames names, long nextNumber) {
        disk = place.disk();
        this.names = names;
        segmentBytes = place.settings().segmentSize().bytes();
        seal = place.seal();
        this.nextNumber = nextNumber;
    }

    /// Seals the rows of this life's commits, each at its number.
    SectionSeal seal() {
        return seal;
    }

    /// The number that the next segment gets.
    long nextNumber() {
        guard.lock();
        try {
            return nextNumber;
        } finally {
            guard.unlock();
        }
    }

    /// Makes the segment of `head`, whose number is [#nextNumber], with room for `bytes` behind it.
    DiskFile create(SegmentHead head, long bytes) throws DiskException {
        long size = Math.max(segmentBytes, SegmentHead.BYTES + bytes);
        Path path = names.segment(head.number());
        takeNumber(head.number());
        Long spare = size == segmentBytes ? takeSpare() : null;
        if (spare != null) disk.rename(names.spare(spare), path);
        DiskFile file = disk.open(path, spare == null ? OpenMode.CREATE_FRESH : OpenMode.WRITE);
        boolean isMade = false;
        try {
            Stretches.preallocate(file, size);
            file.write(List.of(head.encode()), 0);
            file.force(Force.METADATA);
            disk.forceDirectory(names.directory());
            isMade = true;
            return file;
        } finally {
            if (!isMade) {
                file.close();
                disk.delete(path); // no record was ever written to it
            }
        }
    }

    private void takeNumber(long number) {
        guard.lock();
        try {
            if (number != nextNumber) throw new AssertionError("segment " + number);
            nextNumber++;
        } finally {
            guard.unlock();
        }
    }

    private @Nullable Long takeSpare() {
        guard.lock();
        try {
            return spares.poll();
        } finally {
            guard.unlock();
        }
    }

    /// Segment `number` takes no more; what counts in it ends with `lastSeq`.
    void end(long number, long lastSeq) {
        add(new Ended(number, lastSeq, true));
    }

    /// The same for one whose file failed.
    void abandon(long number, long lastSeq) {
        add(new Ended(number, lastSeq, false));
    }

    private void add(Ended segment) {
        guard.lock();
        try {
            ended.add(segment);
        } finally {
            guard.unlock();
        }
    }

    /// Gives back the segments whose commits are all at or below `seq`. Returns how many.
    int trim(long seq) throws DiskException {
        int trimmed = 0;
        for (Ended oldest = nextToTrim(seq); oldest != null; oldest = nextToTrim(seq)) {
            giveBack(oldest);
            forget(oldest);
            trimmed++;
        }
        return trimmed;
    }

    private @Nullable Ended nextToTrim(long seq) {
        guard.lock();
        try {
            Ended oldest = ended.peek();
            return oldest == null || seq < oldest.lastSeq ? null : oldest;
        } finally {
            guard.unlock();
        }
    }

    private void giveBack(Ended segment) throws DiskException {
        Path path = names.segment(segment.number);
        DiskEntry entry = disk.look(path);
        if (entry == null) return;
        if (!segment.isSound || entry.size() != segmentBytes || SPARES_MAX <= spares()) {
            disk.delete(path);
            return;
        }
        disk.rename(path, names.spare(segment.number));
        addSpare(segment.number);
    }

    private int spares() {
        guard.lock();
        try {
            return spares.size();
        } finally {
            guard.unlock();
        }
    }

    private void forget(Ended segment) {
        guard.lock();
        try {
            ended.remove(segment);
        } finally {
            guard.unlock();
        }
    }

    private void addSpare(long number) {
        guard.lock();
        try {
            spares.add(number);
        } finally {
            guard.unlock();
        }
    }

    /// Sees to it that there is a file in reserve, so that the next segment costs no more than a
    /// rename.
    void prepare() throws DiskException {
        if (0 < spares()) return;
        long number = nextNumber();
        Path path = names.spare(number);
        disk.delete(path);
        try (DiskFile file = disk.open(path, OpenMode.CREATE_FRESH)) {
            Stretches.preallocate(file, segmentBytes);
            file.force(Force.METADATA);
        }
        addSpare(number);
    }

    /// Removes the segments of earlier lives, which lie below `first`, and takes over what they had
    /// in reserve.
    void removeBefore(long first) throws DiskException {
        var old = new TreeSet<Long>();
        var found = new TreeSet<Long>();
        disk.list(
                names.directory(),
                name -> {
                    long segment = SegmentNames.numberOfSegment(name);
                    if (0 <= segment && segment < first) old.add(segment);
                    long spare = SegmentNames.numberOfSpare(name);
                    if (0 <= spare) found.add(spare);
                });
        for (long spare : found) keepOrDelete(spare);
        // Which of them failed in their life is not known any more.
        for (long number : old) disk.delete(names.segment(number));
        disk.forceDirectory(names.directory());
    }

    private void keepOrDelete(long spare) throws DiskException {
        DiskEntry entry = disk.look(names.spare(spare));
        if (entry != null && entry.size() == segmentBytes && spares() < SPARES_MAX) addSpare(spare);
        else disk.delete(names.spare(spare));
    }

    /// How many ended segments are kept.
    int kept() {
        guard.lock();
        try {
            return ended.size();
        } finally {
            guard.unlock();
        }
    }
}
