package dev.holdfast.format.filter;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.ByteReader;
import dev.holdfast.format.wire.FormatException;
import org.jspecify.annotations.Nullable;

/// Tells of a key that it is surely absent, or that it may be there. Immutable.
///
/// The legacy payload is `probes: u16 | bits`, lowest bit of a byte first. The composite payload is
/// `count: u16`, then `name length: u16 | name | length: u64 | payload` so often.
public final class BloomFilter {
    private static final int PROBES_MAX = 1024;
    private static final Bytes KEY_FILTER = Bytes.utf8("_bf");

    private final byte[] array;
    private final int offset;
    private final long bits;
    private final int probes;

    private BloomFilter(Bytes bytes, int probes) {
        array = bytes.array();
        offset = bytes.offset();
        bits = 8L * bytes.length();
        this.probes = probes;
    }

    /// Reads the legacy payload.
    public static BloomFilter decodeLegacy(Bytes payload) {
        var in = new ByteReader(payload, "filter");
        int probes = in.u16();
        FormatException.require(1 <= probes && probes <= PROBES_MAX, "filter probes", probes);
        FormatException.require(0 < in.remaining(), "filter has no bits");
        return new BloomFilter(in.slice(in.remaining()), probes);
    }

    /// Reads the filter over whole keys out of the composite payload; null if there is none.
    public static @Nullable BloomFilter decodeComposite(Bytes payload) {
        var in = new ByteReader(payload, "filter");
        BloomFilter found = null;
        for (int left = in.u16(); 0 < left; left--) {
            Bytes name = in.slice(in.u16());
            Bytes part = in.slice(in.u64());
            if (name.equals(KEY_FILTER)) found = decodeLegacy(part);
        }
        in.expectEnd();
        return found;
    }

    /// False if the key was surely never added.
    public boolean mightContain(byte[] key, int keyOffset, int keyLength) {
        return mightContain(SipHash.of(key, keyOffset, keyLength));
    }

    /// False if no key with this [SipHash] was ever added.
    public boolean mightContain(long hash) {
        long x = (hash & 0xffffffffL) % bits;
        long delta = (hash >>> 32) % bits;
        for (int i = 0; i < probes; i++) {
            // Most sums stay below `bits`; a division costs as much as all the rest.
            delta += i;
            if (bits <= delta) delta %= bits;
            if ((array[offset + (int) (x >>> 3)] & 1 << (x & 7)) == 0) return false;
            x += delta;
            if (bits <= x) x -= bits;
        }
        return true;
    }

    /// How many bytes of memory its bits take.
    public int sizeBytes() {
        return (int) (bits >>> 3);
    }

    /// The composite payload whose one part is the filter over whole keys in `legacy`.
    static Bytes composite(Bytes legacy) {
        int head = 2 * Short.BYTES + KEY_FILTER.length() + Long.BYTES;
        byte[] payload = new byte[head + legacy.length()];
        int at = BigEndian.putU16(payload, 0, 1);
        at = BigEndian.putU16(payload, at, KEY_FILTER.length());
        KEY_FILTER.copyTo(payload, at);
        at = BigEndian.putU64(payload, at + KEY_FILTER.length(), legacy.length());
        legacy.copyTo(payload, at);
        return Bytes.wrap(payload);
    }

    /// The legacy payload of a filter that holds the first `count` of `hashes`.
    static Bytes encode(long[] hashes, int count, int bitsPerKey) {
        int bytes = Math.toIntExact((Math.multiplyExact((long) count, bitsPerKey) + 7) >>> 3);
        byte[] payload = new byte[Short.BYTES + bytes];
        int probes = Math.max(1, (int) (bitsPerKey * 0.69));
        BigEndian.putU16(payload, 0, probes);
        long bits = 8L * bytes;
        for (int n = 0; n < count; n++) {
            long x = (hashes[n] & 0xffffffffL) % bits;
            long delta = (hashes[n] >>> 32) % bits;
            for (int i = 0; i < probes; i++) {
                delta += i;
                if (bits <= delta) delta %= bits;
                payload[Short.BYTES + (int) (x >>> 3)] |= (byte) (1 << (x & 7));
                x += delta;
                if (bits <= x) x -= bits;
            }
        }
        return Bytes.wrap(payload);
    }
}
