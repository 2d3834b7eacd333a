package dev.holdfast.redis.rdb;

/// The id of an entry of a stream; both halves unsigned.
public record StreamPoint(long millis, long sequence) {
    /// How many bytes it takes where it is not packed.
    static final int BYTES = 2 * Long.BYTES;

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
    }
}
