package dev.holdfast.system.disk;

import java.nio.file.Path;

/// A disk in use whose content can be had as it would be if its power went away now.
///
/// Close it: it stays mounted otherwise.
interface CutDisk extends AutoCloseable {
    /// Where its files are.
    Path root();

    /// Writes the image that a power cut at an instant within this call leaves to `image`.
    void cutTo(Path image);

    @Override
    void close();
}
