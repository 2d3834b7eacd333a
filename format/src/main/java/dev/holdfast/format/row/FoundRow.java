package dev.holdfast.format.row;

/// What a point lookup found of a row, filled in place so that a lookup allocates nothing.
///
/// What it shows may be kept as long as the arrays are only read. Not thread-safe.
public final class FoundRow {
    private static final byte[] NOTHING = new byte[0];

    private byte[] valueArray = NOTHING;
    private int valueOffset;
    private int valueLength;
    private long seq;
    private int flags;
    private long expireAtMillis;
    private long createdAtMillis;

    /// Takes what `row` stands on.
    public void set(RowCursor row) {
        setValue(row.valueArray(), row.valueOffset(), row.valueLength());
        int flags = row.flags();
        setStamp(row.seq(), flags);
        boolean expires = (flags & RowFlags.HAS_EXPIRY) != 0;
        boolean tellsCreation = (flags & RowFlags.HAS_CREATION) != 0;
        setTimes(expires ? row.expireAtMillis() : 0, tellsCreation ? row.createdAtMillis() : 0);
    }

    /// Takes the value.
    public void setValue(byte[] array, int offset, int length) {
        valueArray = array;
        valueOffset = offset;
        valueLength = length;
    }

    /// Takes the number and the bits of [RowFlags].
    public void setStamp(long seq, int flags) {
        this.seq = seq;
        this.flags = flags;
    }

    /// Takes the times, each 0 where the flags tell of none.
    public void setTimes(long expireAtMillis, long createdAtMillis) {
        this.expireAtMillis = expireAtMillis;
        this.createdAtMillis = createdAtMillis;
    }

    /// Lets go of the array.
    public void clear() {
        setValue(NOTHING, 0, 0);
        setStamp(0, 0);
        setTimes(0, 0);
    }

    /// The array that holds the value.
    public byte[] valueArray() {
        return valueArray;
    }

    /// Where the value starts in [#valueArray].
    public int valueOffset() {
        return valueOffset;
    }

    /// How long the value is; 0 for a tombstone.
    public int valueLength() {
        return valueLength;
    }

    /// The sequence number of the batch that wrote the row.
    public long seq() {
        return seq;
    }

    /// The bits of [RowFlags].
    public int flags() {
        return flags;
    }

    /// True if the row removes its key.
    public boolean isTombstone() {
        return (flags & RowFlags.TOMBSTONE) != 0;
    }

    /// True if the value is an operand to merge into what is older.
    public boolean isMerge() {
        return (flags & RowFlags.MERGE) != 0;
    }

    /// True if the row expires at some time.
    public boolean hasExpiry() {
        return (flags & RowFlags.HAS_EXPIRY) != 0;
    }

    /// When it expires, where [#hasExpiry] says so.
    public long expireAtMillis() {
        return expireAtMillis;
    }

    /// True if the row tells when it was made.
    public boolean hasCreation() {
        return (flags & RowFlags.HAS_CREATION) != 0;
    }

    /// When it was made, where [#hasCreation] says so.
    public long createdAtMillis() {
        return createdAtMillis;
    }

    /// True if the row had expired by `nowMillis`.
    public boolean isExpiredAt(long nowMillis) {
        return (flags & RowFlags.HAS_EXPIRY) != 0 && expireAtMillis <= nowMillis;
    }
}
