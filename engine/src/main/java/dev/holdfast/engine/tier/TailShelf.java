package dev.holdfast.engine.tier;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.local.DivergedTail;
import dev.holdfast.engine.local.DivergedTail.Item;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.local.LocalIdentity;
import dev.holdfast.format.local.SegmentHead;
import dev.holdfast.format.local.TailNote;
import dev.holdfast.format.seal.SectionSeal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tails that a local directory keeps aside: to be looked at, read, and dropped by a person.
///
/// Nothing else touches them, so it needs no lock: a process may have the directory open meanwhile.
/// Not thread-safe.
public final class TailShelf {
    private static final Pattern FOLDER = Pattern.compile("(\\d{1,18})(-\\d{1,9})?");
    private static final String LEAVING = "dropped-";
    private static final UUID NOBODY = new UUID(0, 0);

    private final Disk disk;
    private final Path shelf;
    private final Path identity;
    private final Supplier<SectionSeal> seals;

    /// @param directory of a local log
    /// @param sealing opens what is sealed
    public TailShelf(Disk disk, Path directory, Sealing sealing) {
        this.disk = disk;
        seals = sealing::log;
        var names = new SegmentNames(directory);
        shelf = names.at(SegmentNames.DIVERGED);
        identity = names.at(SegmentNames.IDENTITY);
    }

    /// Takes the commits of a tail.
    @FunctionalInterface
    public interface Sink {
        /// In their order, without a gap.
        void commit(long seq, long createdAtMillis, BatchCursor rows);
    }

    /// True if the directory is a local log's.
    public boolean isOfADatabase() {
        try {
            return disk.look(identity) != null;
        } catch (DiskException failure) {
            throw LocalHome.unavailable(shelf, failure);
        }
    }

    /// All of them, oldest epoch first.
    public List<DivergedTail> tails() {
        try {
            if (disk.look(shelf) == null) return List.of();
            var folders = new TreeSet<String>();
            disk.list(shelf, folders::add);
            folders.removeIf(name -> !FOLDER.matcher(name).matches());
            var tails = new ArrayList<DivergedTail>();
            for (String folder : folders) tails.add(tail(folder));
            tails.sort(java.util.Comparator.comparingLong(DivergedTail::epoch));
            return tails;
        } catch (DiskException failure) {
            throw LocalHome.unavailable(shelf, failure);
        }
    }

    /// Reads the commits of the tail called `name` as far as they can be read. Returns what is
    /// wrong with it, empty if nothing is.
    public String read(String name, Sink sink) {
        try {
            return walk(opened(folder(name)), sink);
        } catch (DiskException failure) {
            throw LocalHome.unavailable(shelf, failure);
        }
    }

    /// Removes the tail called `name` for good, or what an earlier call that was cut off has left
    /// of it. It ceases to be a tail at once: half of it would look like another.
    public void drop(String name) {
        try {
            Path leaving = shelf.resolve(LEAVING + name);
            boolean isLeft = FOLDER.matcher(name).matches() && disk.look(leaving) != null;
            if (!isLeft) {
                disk.rename(folder(name), leaving);
                disk.forceDirectory(shelf);
            }
            remove(leaving);
            disk.forceDirectory(shelf);
        } catch (DiskException failure) {
            throw LocalHome.unavailable(shelf, failure);
        }
    }

    private void remove(Path path) throws DiskException {
        DiskEntry entry = disk.look(path);
        if (entry != null && entry.isDirectory()) {
            var names = new TreeSet<String>();
            disk.list(path, names::add);
            for (String name : names) remove(path.resolve(name));
        }
        disk.delete(path);
    }

    private Path folder(String name) {
        try {
            if (FOLDER.matcher(name).matches() && disk.look(shelf.resolve(name)) != null)
                return shelf.resolve(name);
        } catch (DiskException failure) {
            throw LocalHome.unavailable(shelf, failure);
        }
        throw new Invalid("no such tail. directory=`%s`, tail=`%s`".formatted(shelf, name), null);
    }

    private static final class Count {
        private long lastSeq;
        private long rows;
        private long bytes;
        private long firstMillis;
        private long lastMillis;

        void commit(long seq, long createdAtMillis, BatchCursor commit) {
            if (firstMillis == 0) firstMillis = createdAtMillis;
            lastMillis = createdAtMillis;
            lastSeq = seq;
            bytes += commit.encoded().length();
            while (commit.next()) rows++;
        }
    }

    /// A folder, and what its segments look like.
    private record Opened(AsideFolder folder, long epoch, @Nullable TailNote note, LogScan scan) {
        long commonSeq() {
            return note == null ? -1 : note.commonSeq();
        }
    }

    private DivergedTail tail(String name) throws DiskException {
        Opened tail = opened(shelf.resolve(name));
        var count = new Count();
        long after = tail.scan.beginsAfter();
        count.lastSeq = after;
        String damage = walk(tail, count::commit);
        return new DivergedTail(
                name,
                tail.epoch,
                tail.commonSeq(),
                after,
                count.lastSeq,
                count.rows,
                count.bytes,
                Instant.ofEpochMilli(count.firstMillis),
                Instant.ofEpochMilli(count.lastMillis),
                damage,
                files(tail.folder.path()));
    }

    // What is wrong with it, empty if nothing is.
    private String walk(Opened tail, Sink sink) throws DiskException {
        String missing = missingFrom(tail);
        try {
            tail.scan.replay(
                    tail.scan.beginsAfter(),
                    record -> sink.commit(record.seq(), record.createdAtMillis(), record.cursor()));
            return missing;
        } catch (CorruptData damaged) {
            String ended = String.valueOf(damaged.getMessage());
            return missing.isEmpty() ? ended : missing + "; " + ended;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CorruptData("reading a tail was interrupted", interrupted);
        }
    }

    // What no walk from the first readable head on would notice.
    private String missingFrom(Opened tail) throws DiskException {
        String epoch = String.valueOf(tail.epoch);
        if (!tail.folder.path().equals(shelf.resolve(epoch))
                || disk.look(shelf.resolve(epoch + "-2")) != null)
            return "only a part of the tail of epoch " + epoch + " is in this folder";
        if (tail.scan.hasLostHeads()) return "a segment has no head that can be read";
        TailNote note = tail.note;
        if (note == null) return "";
        if (note.segments() != tail.folder.segments().size())
            return "of %d segments %d are here: if putting them aside was cut off, start the node"
                    .formatted(note.segments(), tail.folder.segments().size());
        boolean isCut = 0 <= note.commonSeq() && note.commonSeq() < tail.scan.beginsAfter();
        return isCut ? "the commits from %d on are missing".formatted(note.commonSeq() + 1) : "";
    }

    private Opened opened(Path path) throws DiskException {
        var folder = new AsideFolder(disk, path);
        long epoch = Long.parseLong(path.getFileName().toString().replaceAll("-.*", ""));
        TailNote note = folder.note();
        if (note != null && note.epoch() != epoch) note = null;
        UUID database = note == null ? databaseOf(folder, epoch) : note.database();
        long first = note == null ? 0 : note.firstSegment();
        var identity = new LocalIdentity(database, database, epoch, epoch, first, List.of());
        return new Opened(folder, epoch, note, folder.scan(identity, seals.get()));
    }

    private UUID databaseOf(AsideFolder folder, long epoch) throws DiskException {
        var names = new SegmentNames(folder.path());
        for (long number : folder.segments()) {
            try (DiskFile file = disk.open(names.segment(number), OpenMode.READ)) {
                SegmentHead head = new SegmentReader(file, number).head();
                if (head != null && head.epoch() == epoch) return head.database();
            }
        }
        return NOBODY;
    }

    private List<Item> files(Path folder) throws DiskException {
        var files = new ArrayList<Item>();
        addFiles(folder, "", files);
        return files;
    }

    private void addFiles(Path folder, String prefix, List<Item> files) throws DiskException {
        var names = new TreeSet<String>();
        disk.list(folder, names::add);
        for (String name : names) {
            DiskEntry entry = disk.look(folder.resolve(name));
            if (entry == null) continue;
            if (entry.isDirectory()) addFiles(folder.resolve(name), prefix + name + "/", files);
            else files.add(new Item(prefix + name, kindOf(name), entry.size()));
        }
    }

    private static String kindOf(String name) {
        if (0 <= SegmentNames.numberOfSegment(name)) return "segment";
        return name.endsWith(".sst") ? "table" : "other";
    }
}
