package dev.holdfast.objectstore.api;

/// What was asked of a store so far, counted where it is charged: every attempt, every part.
///
/// @param reads requests that read one object, whole or in part
/// @param looks requests that ask for what is known of an object
/// @param listings pages of listings
/// @param writes requests that write an object, a part of one, or begin or complete it
/// @param deletes requests that remove
/// @param failures requests of every kind that were not answered, or answered with a failure
/// @param slowDowns requests that were answered with "slow down"
/// @param bytesRead bytes of bodies received
/// @param bytesWritten bytes of bodies sent with success
public record StoreTraffic(
        long reads,
        long looks,
        long listings,
        long writes,
        long deletes,
        long failures,
        long slowDowns,
        long bytesRead,
        long bytesWritten) {
    /// Nothing was asked, or the store does not count.
    public static final StoreTraffic NONE = new StoreTraffic(0, 0, 0, 0, 0, 0, 0, 0, 0);

    // S3 Standard's list prices, in billionths of a dollar: 0.005 and 0.0004 dollars a thousand.
    private static final long WRITE_PRICE = 5_000;
    private static final long READ_PRICE = 400;

    /// Requests of every kind.
    public long requests() {
        return reads + looks + listings + writes + deletes;
    }

    /// What the requests cost at the list prices of S3 Standard, in billionths of a dollar: an
    /// estimate. Deletes cost nothing.
    public long costNanoDollars() {
        return (writes + listings) * WRITE_PRICE + (reads + looks) * READ_PRICE;
    }
}
