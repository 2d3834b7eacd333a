package dev.holdfast.format.filter;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.ByteReader;
import dev.holdfast.format.wire.FormatException;
import org.jspecify.annotations.Nullable;

/// Tells of a key that it is surely absent, or that it may be there. Immutable.
///
/// Its payload is `probes: u16 | bits`, lowest bit of a byte first.
public final class BloomFilter {
    private static final int PROBES_MAX = 1024;

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
        BloomFilter found = null;
        for (CompositeFilter.Part part : CompositeFilter.decode(payload))
            if (part.name().equals(CompositeFilter.WHOLE_KEYS))
                found = decodeLegacy(part.payload());
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

    /// The legacy payload of a filter that holds the first `count` of `hashes`.
    static Bytes encode(long[] hashes, int count, int bitsPerKey) {
        // A filter over nothing has bits too, all of them zero.
        long bitsMin = Math.max(1, Math.multiplyExact((long) count, bitsPerKey));
        int bytes = Math.toIntExact((bitsMin + 7) >>> 3);
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
