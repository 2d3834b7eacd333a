package dev.holdfast.objectstore.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import java.nio.file.Path;

/// Where a disk cache lies and how much it takes.
///
/// @param directory of its own, on a local disk
/// @param size what its files take at most
/// @param part how much of an object is fetched and kept in one piece
/// @param spare nothing is written while less than this would stay free on the disk
public record DiskCacheSettings(Path directory, ByteSize size, ByteSize part, ByteSize spare) {
    /// What is proved by one checksum.
    public static final int CHUNK_BYTES = 16 << 10;

    public DiskCacheSettings {
        require(0 < size.bytes(), "the size of a disk cache must be positive: %s", size);
        require(
                CHUNK_BYTES <= part.bytes() && part.bytes() <= 4 << 20,
                "a part has 16KiB to 4MiB: %s",
                part);
        require(part.bytes() % CHUNK_BYTES == 0, "a part is a multiple of 16KiB: %s", part);
    }

    /// Parts of 256 KiB, 64 MiB left free.
    public static DiskCacheSettings of(Path directory, ByteSize size) {
        return new DiskCacheSettings(
                directory, size, ByteSize.kibibytes(256), ByteSize.mebibytes(64));
    }
}
