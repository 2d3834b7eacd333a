package dev.holdfast.objectstore.local;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import org.jspecify.annotations.Nullable;

/// The put id of an object, kept in an extended attribute of its file.
@Adapter("the local object store is files")
final class PutIdAttribute {
    private PutIdAttribute() {}

    /// Sets it.
    static void write(Path file, Ulid putId) throws IOException {
        UserDefinedFileAttributeView view = viewOf(file);
        if (view == null) throw new IOException("Operation not supported");
        ByteBuffer text = ByteBuffer.wrap(putId.toString().getBytes(StandardCharsets.US_ASCII));
        view.write(ObjectAttributes.PUT_ID, text);
    }

    /// Reads it; null where there is none, or none that makes sense.
    static @Nullable Ulid read(Path file) {
        UserDefinedFileAttributeView view = viewOf(file);
        if (view == null) return null;
        try {
            if (!view.list().contains(ObjectAttributes.PUT_ID)) return null;
            // One byte more than fits shows that the attribute is too long to be ours.
            ByteBuffer text = ByteBuffer.allocate(Ulid.TEXT_LENGTH + 1);
            view.read(ObjectAttributes.PUT_ID, text);
            return Ulid.parse(
                    new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII));
        } catch (IOException | IllegalArgumentException unreadable) {
            return null;
        }
    }

    /// True if the file system of `file` keeps it: tried with `sample`.
    static boolean isKeptOn(Path file, Ulid sample) {
        try {
            write(file, sample);
            return sample.equals(read(file));
        } catch (IOException notKept) {
            return false;
        }
    }

    private static @Nullable UserDefinedFileAttributeView viewOf(Path file) {
        return Files.getFileAttributeView(
                file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}
