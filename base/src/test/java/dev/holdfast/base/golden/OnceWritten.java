package dev.holdfast.base.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The files of one module that Holdfast once wrote, under `src/test/resources/holdfast-1`.
///
/// With `-Dgolden.write=true` each test puts what it writes there anew, which is done once for each
/// form: what is there already stays readable for ever, so it is not replaced but added to.
public final class OnceWritten {
    private static final Path FOLDER = Path.of("src", "test", "resources", "holdfast-1");

    private OnceWritten() {}

    /// True if files are to be written, in place of compared.
    public static boolean isBeingWritten() {
        return Boolean.getBoolean("golden.write");
    }

    /// Where `name` lies.
    public static Path at(String name) {
        return FOLDER.resolve(name);
    }

    /// What was once written under that name.
    public static Bytes read(String name) {
        try {
            return Bytes.wrap(Files.readAllBytes(at(name)));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /// Requires that today's writer writes what was once written under that name, to the byte.
    public static void requireSame(String name, Bytes written) {
        if (isBeingWritten()) write(name, written);
        assertEquals(read(name), written, name);
    }

    private static void write(String name, Bytes written) {
        try {
            Files.createDirectories(at(name).toAbsolutePath().getParent());
            Files.write(at(name), written.toArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
