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
import dev.holdfast.format.local.LocalIdentity;
import dev.holdfast.format.local.SegmentHead;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tails that a local directory keeps aside: to be looked at, read, and dropped by a person.
///
/// Nothing else touches them, so it needs no lock: a process may have the directory open meanwhile.
/// Not thread-safe.
public final class TailShelf {
    private static final Pattern FOLDER = Pattern.compile("(\\d{1,18})(-\\d{1,9})?");

    private final Disk disk;
    private final Path shelf;

    /// @param directory of a local log
    public TailShelf(Disk disk, Path directory) {
        this.disk = disk;
        shelf = new SegmentNames(directory).at(SegmentNames.DIVERGED);
    }

    /// Takes the commits of a tail.
    @FunctionalInterface
    public interface Sink {
        /// In their order, without a gap.
        void commit(long seq, long createdAtMillis, BatchCursor rows);
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

    /// Reads the commits of the tail called `name` as far as they can be read.
    public void read(String name, Sink sink) {
        try {
            walk(folder(name), sink);
        } catch (DiskException failure) {
            throw LocalHome.unavailable(shelf, failure);
        }
    }

    /// Removes the tail called `name` for good.
    public void drop(String name) {
        Path folder = folder(name);
        try {
            remove(folder);
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

    private DivergedTail tail(String name) throws DiskException {
        Path folder = shelf.resolve(name);
        var count = new Count();
        LogScan scan = scan(folder);
        long after = scan == null ? 0 : scan.beginsAfter();
        count.lastSeq = after;
        String damage = walk(folder, count::commit);
        return new DivergedTail(
                name,
                Long.parseLong(name.replaceAll("-.*", "")),
                after,
                count.lastSeq,
                count.rows,
                count.bytes,
                Instant.ofEpochMilli(count.firstMillis),
                Instant.ofEpochMilli(count.lastMillis),
                damage,
                files(folder));
    }

    // What ended it early, empty if nothing did.
    private String walk(Path folder, Sink sink) throws DiskException {
        LogScan scan = scan(folder);
        if (scan == null) return "";
        try {
            scan.replay(
                    scan.beginsAfter(),
                    record -> sink.commit(record.seq(), record.createdAtMillis(), record.cursor()));
            return "";
        } catch (CorruptData damaged) {
            return String.valueOf(damaged.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CorruptData("reading a tail was interrupted", interrupted);
        }
    }

    // Null if there is no segment that can be read.
    private @Nullable LogScan scan(Path folder) throws DiskException {
        var names = new SegmentNames(folder);
        var numbers = new TreeSet<Long>();
        disk.list(
                folder,
                name -> {
                    long number = SegmentNames.numberOfSegment(name);
                    if (0 <= number) numbers.add(number);
                });
        for (long number : numbers) {
            SegmentHead head = headOf(names, number);
            if (head == null) continue;
            var identity =
                    new LocalIdentity(
                            head.database(),
                            head.database(),
                            head.epoch(),
                            head.epoch(),
                            number,
                            List.of());
            return LogScan.of(disk, names, identity);
        }
        return null;
    }

    private @Nullable SegmentHead headOf(SegmentNames names, long number) throws DiskException {
        try (DiskFile file = disk.open(names.segment(number), OpenMode.READ)) {
            return new SegmentReader(file, number).head();
        }
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
