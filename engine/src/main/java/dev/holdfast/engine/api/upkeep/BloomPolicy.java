package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.filter.BloomFilter;
import dev.holdfast.format.filter.BloomFilterEncoder;
import dev.holdfast.format.filter.SipHash;
import dev.holdfast.format.wire.FormatException;
import org.jspecify.annotations.Nullable;

/// Bloom filters over whole keys, over prefixes, or over both in the same bits. Immutable.
///
/// How many bits there are for a key is not part of the name: any number is read.
///
/// ```java
/// BloomPolicy policy = FilterPolicy.bloom(10).with(PrefixExtractor.fixed(4));
/// builder.profile(FormatProfile.SLATEDB_0_15).filterPolicies(List.of(policy));
/// ```
public final class BloomPolicy implements FilterPolicy {
    private static final String NAME = "_bf";

    private final int bitsPerKey;
    private final @Nullable PrefixExtractor prefixes;
    private final Over over;

    private enum Over {
        KEYS,
        PREFIXES,
        BOTH
    }

    private BloomPolicy(int bitsPerKey, @Nullable PrefixExtractor prefixes, Over over) {
        require(1 <= bitsPerKey && bitsPerKey <= 64, "bits per key: %d", bitsPerKey);
        this.bitsPerKey = bitsPerKey;
        this.prefixes = prefixes;
        this.over = over;
    }

    static BloomPolicy ofKeys(int bitsPerKey) {
        return new BloomPolicy(bitsPerKey, null, Over.KEYS);
    }

    /// The same over prefixes too: a scan of a prefix passes over tables that have none of it.
    public BloomPolicy with(PrefixExtractor prefixes) {
        return new BloomPolicy(bitsPerKey, prefixes, Over.BOTH);
    }

    /// The same over prefixes alone: smaller, and of less use for single keys.
    public BloomPolicy over(PrefixExtractor prefixes) {
        return new BloomPolicy(bitsPerKey, prefixes, Over.PREFIXES);
    }

    /// True if it is the filter that every engine knows.
    public boolean isOverKeysAlone() {
        return over == Over.KEYS;
    }

    /// True if it may deny a prefix.
    public boolean tellsOf(Bytes prefix) {
        return prefixes != null && prefixes.lengthInAll(prefix) != PrefixExtractor.NONE;
    }

    @Override
    public String name() {
        return switch (over) {
            case KEYS -> NAME;
            case BOTH -> NAME + ":p=" + extractorName();
            case PREFIXES -> NAME + ":p=" + extractorName() + ":wh=0";
        };
    }

    private String extractorName() {
        return prefixes == null ? "" : prefixes.name();
    }

    @Override
    public Maker maker() {
        return new Gathering();
    }

    @Override
    public Bloom read(Bytes payload) {
        try {
            return new Bloom(this, BloomFilter.decodeLegacy(payload));
        } catch (FormatException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    // Keys come ascending, so that equal prefixes are neighbours.
    private final class Gathering implements Maker {
        private final BloomFilterEncoder encoder = new BloomFilterEncoder(bitsPerKey);
        private @Nullable Bytes last;

        @Override
        public void add(Bytes key) {
            if (over != Over.PREFIXES) encoder.add(key.array(), key.offset(), key.length());
            if (prefixes == null) return;
            int length = prefixes.lengthIn(key);
            if (length == PrefixExtractor.NONE) return;
            Bytes prefix = key.slice(0, length);
            if (prefix.equals(last)) return;
            encoder.add(prefix.array(), prefix.offset(), prefix.length());
            last = Bytes.copyOf(prefix.array(), prefix.offset(), prefix.length());
        }

        @Override
        public long sizeBytes() {
            return encoder.sizeBytes();
        }

        @Override
        public Bytes finish() {
            return encoder.finish();
        }
    }

    /// The Bloom filter of one table. Immutable.
    public static final class Bloom implements Filter {
        private final BloomPolicy policy;
        private final BloomFilter bits;

        private Bloom(BloomPolicy policy, BloomFilter bits) {
            this.policy = policy;
            this.bits = bits;
        }

        @Override
        public boolean mightHoldKey(Bytes key) {
            return mightHoldKey(key, SipHash.of(key.array(), key.offset(), key.length()));
        }

        /// The same for who has the key's hash.
        public boolean mightHoldKey(Bytes key, long hash) {
            if (policy.over != Over.PREFIXES) return bits.mightContain(hash);
            PrefixExtractor prefixes = policy.prefixes;
            return prefixes == null || mightHold(key, prefixes.lengthIn(key));
        }

        @Override
        public boolean mightHoldPrefix(Bytes prefix) {
            PrefixExtractor prefixes = policy.prefixes;
            return prefixes == null || mightHold(prefix, prefixes.lengthInAll(prefix));
        }

        private boolean mightHold(Bytes bytes, int length) {
            return length == PrefixExtractor.NONE
                    || bits.mightContain(bytes.array(), bytes.offset(), length);
        }

        @Override
        public long sizeBytes() {
            return bits.sizeBytes();
        }
    }
}
