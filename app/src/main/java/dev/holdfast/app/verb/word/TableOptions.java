package dev.holdfast.app.verb.word;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.SettingsBuilder;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What new tables are like.
public final class TableOptions {
    /// How blocks are compressed.
    enum Codec {
        none,
        snappy,
        zlib,
        lz4,
        zstd
    }

    /// What a filter knows of beside whole keys.
    public record Prefixes(@Nullable PrefixExtractor extractor) {}

    /// Reads which prefixes: `fixed:4`, `until::`, or `none`.
    public static final class PrefixesIn implements ITypeConverter<Prefixes> {
        @Override
        public Prefixes convert(String text) {
            if (text.equals("none")) return new Prefixes(null);
            try {
                return new Prefixes(PrefixExtractor.parse(text));
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(String.valueOf(wrong.getMessage()));
            }
        }
    }

    @Option(
            names = "--compression",
            paramLabel = "none|snappy|zlib|lz4|zstd",
            defaultValue = "none",
            description = "Of new tables and log objects (default: ${DEFAULT-VALUE}).")
    private Codec compression = Codec.none;

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            defaultValue = "4KiB",
            description =
                    "Of the blocks of new tables, before compression; 64KiB at most (default:"
                            + " ${DEFAULT-VALUE}).")
    private ByteSize blockSize = ByteSize.bytes(0);

    @Option(
            names = "--filter-bits-per-key",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "Of the Bloom filters of new tables; 0 for none (default: ${DEFAULT-VALUE}).")
    private int filterBitsPerKey;

    @Option(
            names = "--filter-keys-min",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Tables with fewer rows get no filter (default: ${DEFAULT-VALUE}).")
    private int filterKeysMin;

    @Option(
            names = "--filter-prefix",
            paramLabel = "fixed:N|until:C|none",
            defaultValue = "none",
            converter = PrefixesIn.class,
            description =
                    "Have filters know the first N bytes of keys too, or those up to the character"
                            + " C, so that scans of such a prefix pass over tables. Needs a"
                            + " database of the profile slatedb-0.15 (default: ${DEFAULT-VALUE}).")
    private Prefixes filterPrefix = new Prefixes(null);

    /// `settings` with what was said.
    public SettingsBuilder givenTo(SettingsBuilder settings) {
        return settings.compression(
                        Compression.valueOf(compression.name().toUpperCase(Locale.ROOT)))
                .blockSize(blockSize)
                .filterBitsPerKey(filterBitsPerKey)
                .filterKeysMin(filterKeysMin);
    }

    /// The filters that the settings cannot tell of; null if they can. Throws
    /// [IllegalArgumentException] for filters without bits.
    public @Nullable List<FilterPolicy> filters() {
        PrefixExtractor extractor = filterPrefix.extractor();
        if (extractor == null) return null;
        return List.of(FilterPolicy.bloom(filterBitsPerKey).with(extractor));
    }

    /// `builder` with those filters.
    public EngineBuilder givenTo(EngineBuilder builder) {
        List<FilterPolicy> filters = filters();
        return filters == null ? builder : builder.filterPolicies(filters);
    }
}
