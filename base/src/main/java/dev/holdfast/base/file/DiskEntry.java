package dev.holdfast.base.file;

/// What stands under a name.
///
/// @param size in bytes; of no meaning but for files
/// @param modifiedMillis when the content last changed, since the Unix epoch
public record DiskEntry(Kind kind, long size, long modifiedMillis) {
    /// What sort of thing it is.
    public enum Kind {
        /// Bytes.
        FILE,
        /// Names.
        DIRECTORY,
        /// A symbolic link, a device, or the like.
        OTHER
    }

    /// True for bytes.
    public boolean isFile() {
        return kind == Kind.FILE;
    }

    /// True for names.
    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }
}
