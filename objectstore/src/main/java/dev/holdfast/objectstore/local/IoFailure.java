package dev.holdfast.objectstore.local;

import dev.holdfast.base.file.DiskException;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import java.nio.file.Path;

/// Tells what a caller of the store can do about a failure of the disk.
final class IoFailure {
    private IoFailure() {}

    /// The failure of `doing` at `path` in the words of an object store.
    static ObjectStoreException of(String doing, Path path, DiskException cause) {
        String message = doing + ". path=`" + path + "`, reason=`" + cause.getMessage() + "`";
        return switch (cause) {
            case DiskException.Full _ -> new Refused(message, cause);
            case DiskException.Refused _ -> new Refused(message, cause);
            case DiskException.Absent _ -> new Unavailable(message, cause);
            case DiskException.Exists _ -> new Unavailable(message, cause);
            case DiskException.Failed _ -> new Unavailable(message, cause);
        };
    }
}
