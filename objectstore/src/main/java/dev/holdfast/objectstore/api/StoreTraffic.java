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
/// @param retries calls that were repeated, counted whether or not the store counts the rest
public record StoreTraffic(
        long reads,
        long looks,
        long listings,
        long writes,
        long deletes,
        long failures,
        long slowDowns,
        long bytesRead,
        long bytesWritten,
        Retries retries) {
    /// Nothing was asked, or the store does not count.
    public static final StoreTraffic NONE =
            new StoreTraffic(0, 0, 0, 0, 0, 0, 0, 0, 0, Retries.NONE);

    // S3 Standard's list prices, in billionths of a dollar: 0.005 and 0.0004 dollars a thousand.
    private static final long WRITE_PRICE = 5_000;
    private static final long READ_PRICE = 400;

    /// Calls that were repeated, by what kept the store from answering.
    ///
    /// @param givenUp calls that were not repeated any more
    public record Retries(long slowDown, long notDone, long noAnswer, long other, long givenUp) {
        /// None.
        public static final Retries NONE = new Retries(0, 0, 0, 0, 0);
    }

    /// The same, with `retries` for what is counted apart from it.
    public StoreTraffic with(Retries counted) {
        return new StoreTraffic(
                reads,
                looks,
                listings,
                writes,
                deletes,
                failures,
                slowDowns,
                bytesRead,
                bytesWritten,
                counted);
    }

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
