package dev.holdfast.format.row;

/// Walks rows, standing first before the first one.
///
/// A flyweight: there is no object per row. What it shows is valid until it moves; arrays are to be
/// read only. Not thread-safe. Sources in key order show the newest row of a key first when they
/// walk upwards; each source says which order it walks in.
public interface RowCursor extends AutoCloseable {
    /// Moves to the next row, and tells whether there is one. After false it stays false, unless
    /// [#seek] moves it.
    boolean next();

    /// Moves so that [#next] gives the first row whose key is `key` or lies beyond it in the order
    /// of the walk. Sources that are not in key order throw [UnsupportedOperationException].
    void seek(byte[] key, int offset, int length);

    /// Moves like [#seek], and passes over rows of `key` itself as far as that needs no look at
    /// them: some may still come. For who has seen enough of a key that has many.
    default void seekBeyond(byte[] key, int offset, int length) {
        seek(key, offset, length);
    }

    /// The array that holds the current key.
    byte[] keyArray();

    /// Where the current key starts in [#keyArray].
    int keyOffset();

    /// How long the current key is.
    int keyLength();

    /// The array that holds the current value.
    byte[] valueArray();

    /// Where the current value starts in [#valueArray].
    int valueOffset();

    /// How long the current value is; 0 for a tombstone.
    int valueLength();

    /// The sequence number of the batch that wrote the row.
    long seq();

    /// The bits of [RowFlags].
    int flags();

    /// When the row expires, in milliseconds since the Unix epoch; only with [RowFlags#HAS_EXPIRY].
    long expireAtMillis();

    /// When the row was made, in milliseconds since the Unix epoch; only with
    /// [RowFlags#HAS_CREATION].
    long createdAtMillis();

    @Override
    void close();
}
