package dev.holdfast.base.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/// What the JDK throws, as [DiskException]. The message is the machine's reason alone.
final class SystemFailure {
    private static final String UNSUPPORTED = "Operation not supported";
    // What the C library says; in another language the answer is the weaker "failed".
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded");
    private static final List<String> ABSENT =
            List.of("No such file or directory", "Not a directory");
    private static final List<String> REFUSED =
            List.of(
                    "Read-only file system",
                    "Permission denied",
                    "Operation not permitted",
                    UNSUPPORTED,
                    "Invalid argument",
                    "File too large",
                    "File name too long",
                    "Too many levels of symbolic links",
                    "Invalid cross-device link");

    private SystemFailure() {}

    static DiskException of(IOException cause) {
        return switch (cause) {
            case DiskException known -> known;
            case NoSuchFileException _ -> new DiskException.Absent("No such file", cause);
            case NotDirectoryException _ -> new DiskException.Absent("Not a directory", cause);
            case FileAlreadyExistsException _ -> new DiskException.Exists("File exists", cause);
            case AccessDeniedException _ -> new DiskException.Refused("Permission denied", cause);
            case AtomicMoveNotSupportedException _ ->
                    new DiskException.Refused("Invalid cross-device link", cause);
            default -> byReason(reasonOf(cause), cause);
        };
    }

    /// True if the file system has no such thing at all.
    static boolean isUnsupported(IOException cause) {
        return reasonOf(cause).contains(UNSUPPORTED);
    }

    private static DiskException byReason(String reason, IOException cause) {
        if (FULL.stream().anyMatch(reason::contains)) return new DiskException.Full(reason, cause);
        if (ABSENT.stream().anyMatch(reason::contains))
            return new DiskException.Absent(reason, cause);
        if (REFUSED.stream().anyMatch(reason::contains))
            return new DiskException.Refused(reason, cause);
        return new DiskException.Failed(reason, cause);
    }

    private static String reasonOf(IOException cause) {
        String reason =
                cause instanceof FileSystemException detailed
                        ? detailed.getReason()
                        : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }
}
