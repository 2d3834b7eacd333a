package dev.holdfast.format;

import dev.holdfast.base.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// The files under `src/test/resources`.
public final class Golden {
    public static final String SLATEDB = "slatedb-0.12.1";
    public static final String HOLDFAST = "holdfast-1";

    private Golden() {}

    public static Path folder(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(Golden.class.getResource("/" + name), name).toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// The files below a folder whose path ends so, sorted by path.
    public static List<Path> files(String folder, String ending) {
        try (var paths = Files.walk(folder(folder))) {
            return paths.filter(path -> path.toString().endsWith(ending)).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static Bytes read(Path path) {
        try {
            return Bytes.wrap(Files.readAllBytes(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static boolean isCompacted(Path path) {
        return path.getParent().endsWith("compacted");
    }

    public static boolean isWal(Path path) {
        return path.getParent().endsWith("wal");
    }
}
