package dev.holdfast.app.survey;

import dev.holdfast.objectstore.api.StoreTraffic;
import java.util.Locale;

/// What a database costs at the list prices of S3 Standard: an estimate.
///
/// @param bytes that are kept
/// @param traffic what was asked
public record Money(long bytes, StoreTraffic traffic) {
    // 0.023 dollars a month for each of the first 50 TB, in billionths of a dollar for each 10^9
    // bytes.
    private static final double MONTH_NANO_DOLLARS = 23_000_000;
    private static final double NANO = 1e-9;

    /// True if `url` names a store whose prices are known.
    static boolean isKnown(String url) {
        return url.toLowerCase(Locale.ROOT).startsWith("s3:");
    }

    /// Dollars a month for keeping the bytes.
    public double dollarsAMonth() {
        return bytes / 1e9 * MONTH_NANO_DOLLARS * NANO;
    }

    /// Dollars for the requests.
    public double dollarsForRequests() {
        return traffic.costNanoDollars() * NANO;
    }
}
