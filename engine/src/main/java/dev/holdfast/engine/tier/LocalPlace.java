package dev.holdfast.engine.tier;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the local log lies, and the cache of tables beside it: a directory of a disk.
///
/// @param sealing of the log; null if it is in clear
public record LocalPlace(LocalSettings settings, Disk disk, @Nullable Sealing sealing) {
    private static final String CACHE = "cache";

    /// One whose log is in clear.
    public LocalPlace(LocalSettings settings, Disk disk) {
        this(settings, disk, null);
    }

    /// The same with a log that is sealed.
    public LocalPlace sealedBy(Sealing sealing) {
        return new LocalPlace(settings, disk, sealing);
    }

    /// The seal of one life of the log.
    SectionSeal seal() {
        return sealing == null ? SectionSeal.NONE : sealing.log();
    }

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
