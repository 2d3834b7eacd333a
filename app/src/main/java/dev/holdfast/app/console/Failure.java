package dev.holdfast.app.console;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.redis.rdb.RdbException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/// The end of a verb that could not do what was asked: one line for a person, one code for a
/// script.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitStatus status;

    public Failure(ExitStatus status, String message) {
        this(status, message, null);
    }

    public Failure(ExitStatus status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /// How the program ends.
    public ExitStatus status() {
        return status;
    }

    /// What `thrown` means to the person at the keyboard.
    public static Failure of(Throwable thrown) {
        return switch (thrown) {
            case Failure failure -> failure;
            case StorageException failure ->
                    new Failure(statusOf(failure), lineOf(failure), thrown);
            case ObjectStoreException failure ->
                    new Failure(statusOf(failure), lineOf(failure), thrown);
            case RdbException wrong -> new Failure(ExitStatus.BAD_DATA, lineOf(wrong), thrown);
            case FormatException damaged ->
                    new Failure(ExitStatus.BAD_DATA, "damaged: " + lineOf(damaged), thrown);
            case UncheckedIOException failure -> of(failure.getCause());
            case NoSuchFileException missing ->
                    new Failure(ExitStatus.MISSING, "no such file: " + missing.getFile(), thrown);
            case AccessDeniedException denied ->
                    new Failure(ExitStatus.IO, "permission denied: " + denied.getFile(), thrown);
            case FileSystemException failure ->
                    new Failure(
                            ExitStatus.IO, failure.getReason() + ": " + failure.getFile(), thrown);
            case IOException failure -> new Failure(ExitStatus.IO, lineOf(failure), thrown);
            case InterruptedException _ ->
                    new Failure(ExitStatus.UNAVAILABLE, "interrupted", thrown);
            default ->
                    new Failure(
                            ExitStatus.INTERNAL,
                            "internal error: "
                                    + thrown.getClass().getSimpleName()
                                    + ": "
                                    + lineOf(thrown)
                                    + " (set HOLDFAST_TRACE=1 for details)",
                            thrown);
        };
    }

    private static ExitStatus statusOf(StorageException failure) {
        return switch (failure) {
            case StorageException.Invalid _ -> ExitStatus.USAGE;
            case StorageException.CorruptData _ -> ExitStatus.BAD_DATA;
            case StorageException.Unavailable unavailable ->
                    unavailable.getCause() instanceof ObjectStoreException.Refused
                            ? ExitStatus.LOCKED
                            : ExitStatus.UNAVAILABLE;
            case StorageException.OwnedElsewhere _ -> ExitStatus.LOCKED;
            case StorageException.ChangesMissing _ -> ExitStatus.MISSING;
            case StorageException.Closed _, StorageException.Conflict _ -> ExitStatus.UNAVAILABLE;
        };
    }

    private static ExitStatus statusOf(ObjectStoreException failure) {
        return switch (failure) {
            case ObjectStoreException.Unavailable _ -> ExitStatus.UNAVAILABLE;
            case ObjectStoreException.Refused _ -> ExitStatus.LOCKED;
            case ObjectStoreException.Invalid _ -> ExitStatus.USAGE;
        };
    }

    // One line, with the message of the cause where the outer one does not repeat it.
    private static String lineOf(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        Throwable cause = thrown.getCause();
        if (cause != null && cause.getMessage() != null && !message.contains(cause.getMessage()))
            message += ": " + cause.getMessage();
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
