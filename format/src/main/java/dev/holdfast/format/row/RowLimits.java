package dev.holdfast.format.row;

/// What a row can carry at most.
public final class RowLimits {
    /// The longest key, in bytes; the shortest has one.
    public static final int KEY_BYTES_MAX = 65_535;

    /// The longest value that is written, in bytes. The format allows 2^32 - 1, but a block stands
    /// in one array.
    public static final int VALUE_BYTES_MAX = 512 << 20;

    private RowLimits() {}
}
