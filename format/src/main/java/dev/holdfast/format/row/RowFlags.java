package dev.holdfast.format.row;

/// The flag bits of a row, as they are stored.
public final class RowFlags {
    /// The row removes its key.
    public static final int TOMBSTONE = 1;

    /// The row carries an expiry.
    public static final int HAS_EXPIRY = 2;

    /// The row carries its time of creation.
    public static final int HAS_CREATION = 4;

    /// The row's value is an operand to merge into what is older.
    public static final int MERGE = 8;

    private RowFlags() {}
}
