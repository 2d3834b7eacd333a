package dev.holdfast.format.sst;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.format.codec.Codec;

/// How a table is to be written.
///
/// @param blockSize bytes of a block before compression; at most 64 KiB
/// @param codec of every section but the properties
/// @param filterBitsPerKey bits of the Bloom filter for each row; 0 for no filter
/// @param filterRowsMin a table with fewer rows gets no filter
/// @param filterForm how the filter is laid out: only newer engines read the composite one
public record SstSettings(
        int blockSize,
        Codec codec,
        int filterBitsPerKey,
        int filterRowsMin,
        FilterForm filterForm) {
    /// With filters that every engine reads.
    public SstSettings(int blockSize, Codec codec, int filterBitsPerKey, int filterRowsMin) {
        this(blockSize, codec, filterBitsPerKey, filterRowsMin, FilterForm.LEGACY);
    }

    public SstSettings {
        require(64 <= blockSize && blockSize <= 1 << 16, "blockSize=%d", blockSize);
        require(
                0 <= filterBitsPerKey && filterBitsPerKey <= 64,
                "filterBitsPerKey=%d",
                filterBitsPerKey);
        require(0 <= filterRowsMin, "filterRowsMin=%d", filterRowsMin);
    }

    /// The same with filters of that form.
    public SstSettings withFilterForm(FilterForm form) {
        return new SstSettings(blockSize, codec, filterBitsPerKey, filterRowsMin, form);
    }

    /// What SlateDB writes unless told otherwise.
    public static SstSettings defaults() {
        return new SstSettings(4096, Codec.NONE, 10, 1000);
    }
}
