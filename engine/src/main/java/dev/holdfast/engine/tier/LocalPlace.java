package dev.holdfast.engine.tier;

import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.api.LocalSettings;
import java.nio.file.Path;

/// Where the local log lies: a directory of a disk.
public record LocalPlace(LocalSettings settings, Disk disk) {
    /// The directory.
    public Path directory() {
        return settings.directory();
    }
}
