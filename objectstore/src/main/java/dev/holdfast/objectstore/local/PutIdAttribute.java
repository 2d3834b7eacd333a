package dev.holdfast.objectstore.local;

import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.objectstore.api.ObjectAttributes;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The put id of an object, kept in an extended attribute of its file.
final class PutIdAttribute {
    private PutIdAttribute() {}

    /// Sets it. False if the file system keeps no attributes.
    static boolean write(Disk disk, Path file, Ulid putId) throws DiskException {
        return disk.writeAttribute(file, ObjectAttributes.PUT_ID, putId.toString());
    }

    /// Reads it; null where there is none, or none that makes sense.
    static @Nullable Ulid read(Disk disk, Path file) {
        try {
            String text = textOf(disk, file);
            return text == null ? null : Ulid.parse(text);
        } catch (DiskException | IllegalArgumentException unreadable) {
            return null;
        }
    }

    private static @Nullable String textOf(Disk disk, Path file) throws DiskException {
        return disk.readAttribute(file, ObjectAttributes.PUT_ID, Ulid.TEXT_LENGTH);
    }

    /// True if the file system of `file` keeps it: tried with `sample`.
    static boolean isKeptOn(Disk disk, Path file, Ulid sample) throws DiskException {
        return write(disk, file, sample) && sample.toString().equals(textOf(disk, file));
    }
}
