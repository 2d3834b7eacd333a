package dev.holdfast.app.store;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.base.Adapter;
import dev.holdfast.engine.api.upkeep.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.jspecify.annotations.Nullable;

/// The file with the keys of an encrypted database. No complaint holds anything of what is in it.
@Adapter("keys are in a file")
public final class KeyFile {
    private static final long BYTES_MAX = 1 << 16;

    private KeyFile() {}

    /// The keys in the file at `path`; none if that is null or empty.
    public static KeyRing read(@Nullable String path) {
        if (path == null || path.isEmpty()) return KeyRing.none();
        Path file = Path.of(path);
        try {
            if (BYTES_MAX < Files.size(file)) throw wrong(file, "larger than any key file");
            warnOfReaders(file);
            return KeyRing.parse(Files.readString(file));
        } catch (IOException failure) {
            throw wrong(file, "not readable: " + failure.getClass().getSimpleName());
        } catch (IllegalArgumentException malformed) {
            throw wrong(file, String.valueOf(malformed.getMessage()));
        }
    }

    private static void warnOfReaders(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) return;
        if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ))
            Output.remark("every user of this machine can read the key file " + file);
    }

    private static Failure wrong(Path file, String what) {
        return new Failure(ExitStatus.CONFIG, "key file " + file + ": " + what);
    }
}
