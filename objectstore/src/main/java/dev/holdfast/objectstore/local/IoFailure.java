package dev.holdfast.objectstore.local;

import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/// Tells what a caller can do about a failure of the file system.
final class IoFailure {
    // What the C library says where a person must act; in another language the answer is the
    // weaker "unavailable".
    private static final List<String> LASTING =
            List.of(
                    "No space left on device",
                    "Disk quota exceeded",
                    "Read-only file system",
                    "Permission denied",
                    "Operation not permitted",
                    "Operation not supported",
                    "File too large",
                    "File name too long",
                    "Too many levels of symbolic links",
                    "Not a directory",
                    "Invalid cross-device link");

    private IoFailure() {}

    /// The failure of `doing` at `path` in the words of an object store.
    static ObjectStoreException of(String doing, Path path, IOException cause) {
        String message = doing + ". path=`" + path + "`, reason=`" + reasonOf(cause) + "`";
        return isLasting(cause) ? new Refused(message, cause) : new Unavailable(message, cause);
    }

    private static boolean isLasting(IOException cause) {
        if (cause instanceof AccessDeniedException) return true;
        String reason = reasonOf(cause);
        return LASTING.stream().anyMatch(reason::contains);
    }

    private static String reasonOf(IOException cause) {
        if (cause instanceof AccessDeniedException) return "Permission denied";
        if (cause instanceof FileSystemException detailed && detailed.getReason() != null)
            return detailed.getReason();
        String message = cause.getMessage();
        if (cause instanceof FileSystemException || message == null)
            return cause.getClass().getSimpleName();
        return message;
    }
}
