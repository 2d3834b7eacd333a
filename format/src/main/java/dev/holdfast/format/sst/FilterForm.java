package dev.holdfast.format.sst;

/// How the filter section is laid out; the ordinal is the number in the file.
public enum FilterForm {
    /// One Bloom filter over whole keys.
    LEGACY,
    /// Any number of named filters.
    COMPOSITE
}
