package dev.holdfast.engine.table;

import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.codec.CodecMissingException;
import dev.holdfast.format.sst.SstSettings;

/// What an operator's settings mean for the bytes of tables and log objects.
public final class StoredForm {
    private StoredForm() {}

    /// How tables are written; log objects have the same block size and codec.
    public static SstSettings of(Settings settings) {
        return new SstSettings(
                (int) settings.blockSize().bytes(),
                codecOf(settings.compression()),
                settings.filterBitsPerKey(),
                settings.filterKeysMin());
    }

    /// Throws `Invalid` if the library of `codec` was left out of the class path.
    public static void requireLibrary(Codec codec) {
        try {
            codec.requireThere();
        } catch (CodecMissingException missing) {
            throw new Invalid(missing.getMessage(), missing);
        }
    }

    private static Codec codecOf(Compression compression) {
        return switch (compression) {
            case NONE -> Codec.NONE;
            case SNAPPY -> Codec.SNAPPY;
            case ZLIB -> Codec.ZLIB;
            case LZ4 -> Codec.LZ4;
            case ZSTD -> Codec.ZSTD;
        };
    }
}
