package dev.holdfast.engine.tier;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the local log lies, and the cache of tables beside it: a directory of a disk.
public record LocalPlace(LocalSettings settings, Disk disk) {
    private static final String CACHE = "cache";

    /// The directory.
    public Path directory() {
        return settings.directory();
    }

    /// The cache of tables; null for none. It takes no room that the log needs next.
    public @Nullable DiskCacheSettings cache() {
        if (settings.cacheSize().bytes() == 0) return null;
        var usual = DiskCacheSettings.of(directory().resolve(CACHE), settings.cacheSize());
        var spare = ByteSize.bytes(usual.spare().bytes() + 2 * settings.segmentSize().bytes());
        return new DiskCacheSettings(usual.directory(), usual.size(), usual.part(), spare);
    }
}
