package dev.holdfast.format.sst;

import static dev.holdfast.format.wire.FormatException.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.block.v1.BlockV1;
import dev.holdfast.format.block.v2.BlockV2;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.filter.BloomFilter;
import dev.holdfast.format.filter.CompositeFilter;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.wire.Crc32;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.FormatException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads sections of an SST, given as they are stored, with their checksum.
///
/// Everything throws [FormatException] for bytes that are not what the properties say.
public final class SstDecoder {
    /// The most bytes that an index, a filter or stats become.
    static final int META_BYTES_MAX = 256 << 20;

    /// The most bytes that a block becomes: one row with the longest key and value, and then some.
    static final int BLOCK_BYTES_MAX = 600 << 20;

    private SstDecoder() {}

    /// The footer, from the last bytes of a file of `fileSize` bytes.
    public static SstFooter footer(Bytes tail, long fileSize) {
        return SstFooter.decode(tail, fileSize);
    }

    /// The properties, from `[footer.propertiesOffset, fileSize - SstFooter.BYTES)`.
    public static SstProperties properties(Bytes stored, SstFooter footer) {
        FlatTable root = FlatTable.root(Crc32.verified(stored, "sst properties"));
        SstProperties properties = SstProperties.decode(root);
        require(
                properties.propertiesOffset() == footer.propertiesOffset(),
                "sst sections do not end at the properties. offset",
                footer.propertiesOffset());
        return properties;
    }

    /// The index, from [SstProperties#index].
    public static SstIndex index(Bytes stored, SstProperties properties, SectionSeal seal) {
        requireLength(stored, properties.index(), "sst index");
        Bytes opened = opened(stored, properties.index(), seal, "sst index");
        return SstIndex.decode(payload(opened, properties), properties);
    }

    /// The filter, from [SstProperties#filter]; null if there is none over whole keys.
    public static @Nullable BloomFilter filter(
            Bytes stored, SstProperties properties, SectionSeal seal) {
        Bytes payload = filterPayload(stored, properties, seal);
        return switch (properties.filterForm()) {
            case LEGACY -> BloomFilter.decodeLegacy(payload);
            case COMPOSITE -> BloomFilter.decodeComposite(payload);
        };
    }

    /// All filters with their names, from [SstProperties#filter].
    public static List<CompositeFilter.Part> filters(
            Bytes stored, SstProperties properties, SectionSeal seal) {
        Bytes payload = filterPayload(stored, properties, seal);
        return switch (properties.filterForm()) {
            case LEGACY -> List.of(new CompositeFilter.Part(CompositeFilter.WHOLE_KEYS, payload));
            case COMPOSITE -> CompositeFilter.decode(payload);
        };
    }

    private static Bytes filterPayload(Bytes stored, SstProperties properties, SectionSeal seal) {
        requireLength(stored, properties.filter(), "sst filter");
        return payload(opened(stored, properties.filter(), seal, "sst filter"), properties);
    }

    /// The stats, from [SstProperties#stats].
    public static SstStats stats(Bytes stored, SstProperties properties, SectionSeal seal) {
        requireLength(stored, properties.stats(), "sst stats");
        Bytes opened = opened(stored, properties.stats(), seal, "sst stats");
        return SstStats.decode(payload(opened, properties));
    }

    /// How the blocks of a file are stored.
    public record BlockForm(Codec codec, int version, SectionSeal seal) {
        /// Blocks in clear.
        public BlockForm(Codec codec, int version) {
            this(codec, version, SectionSeal.NONE);
        }
    }

    /// A data block, from [SstIndex#blockOffset] on, which is `position`.
    public static Block block(Bytes stored, BlockForm form, long position) {
        SstFooter.requireKnown(form.version);
        Bytes verified = Crc32.verified(stored, "sst block");
        Bytes opened = form.seal.open(verified, position);
        Bytes payload = form.codec.decompress(opened, BLOCK_BYTES_MAX);
        return form.version == 1 ? BlockV1.decode(payload) : BlockV2.decode(payload);
    }

    private static Bytes opened(
            Bytes stored, SstProperties.Section section, SectionSeal seal, String name) {
        return seal.open(Crc32.verified(stored, name), section.offset());
    }

    private static Bytes payload(Bytes opened, SstProperties properties) {
        return properties.codec().decompress(opened, META_BYTES_MAX);
    }

    private static void requireLength(Bytes stored, SstProperties.Section section, String name) {
        if (stored.length() != section.length())
            throw new FormatException(name + " length differs. length=`" + stored.length() + "`");
    }
}
