package dev.holdfast.objectstore.local;

import dev.holdfast.base.Adapter;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One page of the objects below a directory, in the order of their names.
///
/// A directory is read as often as needed, and each time only the next names are kept, so memory
/// stays bounded however many files there are.
@Adapter("the local object store is files")
final class Listing {
    // The order of names is not the order of a walk: `a-b` comes before `a/b`, and `a/b` before
    // `a0`. So an entry `a` stands in the order twice, as the file `a` and as the directory `a/`,
    // and what it is gets looked up only when its turn has come.
    private static final int BATCH = 2 * 1024;

    private final String prefix;
    private final @Nullable String after;
    private final int limit;
    private final List<ObjectMeta> page = new ArrayList<>();

    Listing(String prefix, @Nullable String after, int limit) {
        this.prefix = prefix;
        this.after = after;
        this.limit = limit;
    }

    /// The page of what lies in `directory`, whose names all begin with `base` (empty, or ending
    /// with a slash).
    List<ObjectMeta> pageOf(Path directory, String base) throws IOException {
        walk(directory, base);
        return List.copyOf(page);
    }

    private void walk(Path directory, String base) throws IOException {
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
            throws IOException {
        TreeSet<String> least = new TreeSet<>();
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = base + entry.getFileName();
                if (!isListed(entry.getFileName().toString(), name)) continue;
                if (done.compareTo(name) < 0 && isWantedObject(name)) least.add(name);
                String asDirectory = name + "/";
                if (done.compareTo(asDirectory) < 0 && isWantedDirectory(asDirectory))
                    least.add(asDirectory);
                while (BATCH < least.size()) least.pollLast();
            }
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return least;
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        return least;
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

    private void enter(Path parent, String base, String name) throws IOException {
        Path directory = parent.resolve(name.substring(base.length(), name.length() - 1));
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) walk(directory, name);
    }

    private void add(Path file, String name) throws IOException {
        try {
            var attributes =
                    Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) return;
            page.add(
                    new ObjectMeta(
                            name,
                            attributes.size(),
                            attributes.lastModifiedTime().toMillis(),
                            null));
        } catch (NoSuchFileException goneMeanwhile) {
            return;
        }
    }
}
