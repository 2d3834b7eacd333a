package dev.holdfast.engine.api.upkeep;

import dev.holdfast.base.Bytes;

/// A kind of filter that tables have: made of the keys of a table when it is written, and asked
/// before anything else of the table is read. If any of a table's filters says no, it is passed
/// over.
///
/// A filter must never deny what is there; it may admit what is not. Whoever reads or compacts the
/// database names the same policies: a filter under a name that is not known is passed over, and a
/// compaction makes those alone that it knows.
///
/// ```java
/// var filters = List.of(FilterPolicy.bloom(10), myOwn);
/// builder.profile(FormatProfile.SLATEDB_0_15).filterPolicies(filters);
/// ```
///
/// Thread-safe. What it makes is not, but for filters that were read.
public interface FilterPolicy {
    /// Tells it from others: it is stored with each filter, and says all that matters for reading
    /// one. At most 255 bytes of UTF-8; names that begin with `_bf` are those of [BloomPolicy].
    String name();

    /// What makes the filter of one table.
    Maker maker();

    /// The filter that was stored as `payload`. Throws [IllegalArgumentException] if it is none:
    /// reading the table fails as damaged then.
    Filter read(Bytes payload);

    /// Gathers the keys of one table.
    interface Maker {
        /// Adds a key, which is valid during the call. Keys come ascending; one may come several
        /// times.
        void add(Bytes key);

        /// About how many bytes the filter will take.
        long sizeBytes();

        /// What is stored of it.
        Bytes finish();
    }

    /// The filter of one table, read. Thread-safe.
    interface Filter {
        /// False if the table surely has no row of `key`.
        boolean mightHoldKey(Bytes key);

        /// False if the table surely has no row of a key that begins with `prefix`.
        boolean mightHoldPrefix(Bytes prefix);

        /// What it takes in memory.
        long sizeBytes();
    }

    /// A Bloom filter over whole keys, with 1 to 64 bits for each: with ten, about one in a hundred
    /// keys that are not there is admitted.
    static BloomPolicy bloom(int bitsPerKey) {
        return BloomPolicy.ofKeys(bitsPerKey);
    }
}
