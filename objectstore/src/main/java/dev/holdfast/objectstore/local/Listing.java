package dev.holdfast.objectstore.local;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One page of the objects below a directory, in the order of their names.
///
/// A directory is read as often as needed, and each time only the next names are kept, so memory
/// stays bounded however many files there are.
final class Listing {
    // The order of names is not the order of a walk: `a-b` comes before `a/b`, and `a/b` before
    // `a0`. So an entry `a` stands in the order twice, as the file `a` and as the directory `a/`,
    // and what it is gets looked up only when its turn has come.
    private static final int BATCH = 2 * 1024;

    private final Disk disk;
    private final String prefix;
    private final @Nullable String after;
    private final int limit;
    private final List<ObjectMeta> page = new ArrayList<>();

    Listing(Disk disk, String prefix, @Nullable String after, int limit) {
        this.disk = disk;
        this.prefix = prefix;
        this.after = after;
        this.limit = limit;
    }

    /// The page of what lies in `directory`, whose names all begin with `base` (empty, or ending
    /// with a slash).
    List<ObjectMeta> pageOf(Path directory, String base) throws DiskException {
        walk(directory, base);
        return List.copyOf(page);
    }

    private void walk(Path directory, String base) throws DiskException {
        String done = "";
        while (page.size() < limit) {
            TreeSet<String> batch = nextEntries(directory, base, done);
            for (String name : batch) {
                if (page.size() == limit) return;
                if (name.endsWith("/")) enter(directory, base, name);
                else add(directory.resolve(name.substring(base.length())), name);
            }
            if (batch.size() < BATCH) return;
            done = batch.last();
        }
    }

    // The least names in the directory after `done`, at most a batch.
    private TreeSet<String> nextEntries(Path directory, String base, String done)
            throws DiskException {
        TreeSet<String> least = new TreeSet<>();
        try {
            disk.list(directory, segment -> keepLeast(least, segment, base, done));
        } catch (DiskException.Absent noDirectory) {
            return least;
        }
        return least;
    }

    private void keepLeast(TreeSet<String> least, String segment, String base, String done) {
        String name = base + segment;
        if (!isListed(segment, name)) return;
        if (done.compareTo(name) < 0 && isWantedObject(name)) least.add(name);
        String asDirectory = name + "/";
        if (done.compareTo(asDirectory) < 0 && isWantedDirectory(asDirectory))
            least.add(asDirectory);
        while (BATCH < least.size()) least.pollLast();
    }

    private static boolean isListed(String segment, String name) {
        return !segment.startsWith(Directories.RESERVED) && ObjectNames.isValid(name);
    }

    private boolean isWantedObject(String name) {
        return name.startsWith(prefix) && (after == null || after.compareTo(name) < 0);
    }

    private boolean isWantedDirectory(String name) {
        boolean mayMatch = name.startsWith(prefix) || prefix.startsWith(name);
        return mayMatch && (after == null || after.startsWith(name) || after.compareTo(name) < 0);
    }

    private void enter(Path parent, String base, String name) throws DiskException {
        Path directory = parent.resolve(name.substring(base.length(), name.length() - 1));
        DiskEntry found = disk.look(directory);
        if (found != null && found.isDirectory()) walk(directory, name);
    }

    private void add(Path file, String name) throws DiskException {
        DiskEntry found = disk.look(file);
        if (found == null || !found.isFile()) return; // gone meanwhile, or no object
        page.add(new ObjectMeta(name, found.size(), found.modifiedMillis(), null));
    }
}
