package dev.holdfast.redis.resp;

import static dev.holdfast.base.Checks.require;

/// How large a request may be, in words and in bytes.
///
/// @param wordsMax words in one request
/// @param bulkMax bytes in one word
/// @param lineMax bytes in a line: an inline request, or the count before a word
/// @param requestMax bytes in all words of a request together
public record RequestLimits(int wordsMax, int bulkMax, int lineMax, long requestMax) {
    static final int STRANGER_WORDS_MAX = 10;
    static final int STRANGER_BULK_MAX = 16_384;

    public RequestLimits {
        require(0 < wordsMax, "wordsMax must be positive: %d", wordsMax);
        require(0 < bulkMax, "bulkMax must be positive: %d", bulkMax);
        require(0 < lineMax, "lineMax must be positive: %d", lineMax);
        require(bulkMax <= requestMax, "bulkMax %d exceeds requestMax %d", bulkMax, requestMax);
    }

    /// Redis's own limits, but for the number of words, which there is without a bound.
    public static RequestLimits defaults() {
        return new RequestLimits(1024 * 1024, 512 * 1024 * 1024, 64 * 1024, 1L << 30);
    }

    /// These limits with another `bulkMax`.
    public RequestLimits withBulkMax(int bulkMax) {
        return new RequestLimits(wordsMax, bulkMax, lineMax, Math.max(requestMax, bulkMax));
    }
}
