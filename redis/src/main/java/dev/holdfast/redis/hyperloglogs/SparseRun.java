package dev.holdfast.redis.hyperloglogs;

/// Registers of one value in a row, as a sparse HyperLogLog keeps them in one or two bytes.
record SparseRun(int value, int length) {
    static final int VALUE_MAX = 32;
    static final int VALUE_LENGTH_MAX = 4;
    static final int ZERO_LENGTH_MAX = 64;

    /// How many bytes the run that begins at `at` takes.
    static int bytesAt(byte[] bytes, int at) {
        return (bytes[at] & 0xc0) == 0x40 ? 2 : 1;
    }

    /// The run that begins at `at`.
    static SparseRun at(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        if ((first & 0x80) != 0) return new SparseRun((first >> 2 & 31) + 1, (first & 3) + 1);
        if ((first & 0x40) == 0) return new SparseRun(0, (first & 63) + 1);
        if (end <= at + 1) throw LogLog.corrupt();
        return new SparseRun(0, ((first & 63) << 8 | bytes[at + 1] & 0xff) + 1);
    }

    /// Writes the run to `target` at `at`, and returns where it ends. A run of none takes nothing.
    int writeTo(byte[] target, int at) {
        if (length == 0) return at;
        if (0 < value) {
            target[at] = (byte) (0x80 | (value - 1) << 2 | length - 1);
            return at + 1;
        }
        if (length <= ZERO_LENGTH_MAX) {
            target[at] = (byte) (length - 1);
            return at + 1;
        }
        target[at] = (byte) (0x40 | (length - 1) >> 8);
        target[at + 1] = (byte) (length - 1);
        return at + 2;
    }
}
