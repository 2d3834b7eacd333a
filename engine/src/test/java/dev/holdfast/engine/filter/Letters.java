package dev.holdfast.engine.filter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.upkeep.FilterPolicy;

/// A filter of an application's own: which bytes the keys of a table begin with, a bit each.
public record Letters(String name) implements FilterPolicy {
    private static final int BYTES = 32;

    @Override
    public Maker maker() {
        return new Gathering();
    }

    @Override
    public Filter read(Bytes payload) {
        if (payload.length() != BYTES) throw new IllegalArgumentException("not 32 bytes");
        return new Bits(payload);
    }

    private static final class Gathering implements Maker {
        private final byte[] bits = new byte[BYTES];

        @Override
        public void add(Bytes key) {
            int first = key.at(0) & 0xff;
            bits[first >> 3] |= (byte) (1 << (first & 7));
        }

        @Override
        public long sizeBytes() {
            return BYTES;
        }

        @Override
        public Bytes finish() {
            return Bytes.copyOf(bits);
        }
    }

    private record Bits(Bytes bits) implements Filter {
        @Override
        public boolean mightHoldKey(Bytes key) {
            return mightHoldPrefix(key);
        }

        @Override
        public boolean mightHoldPrefix(Bytes prefix) {
            int first = prefix.at(0) & 0xff;
            return (bits.at(first >> 3) & 1 << (first & 7)) != 0;
        }

        @Override
        public long sizeBytes() {
            return BYTES;
        }
    }
}
