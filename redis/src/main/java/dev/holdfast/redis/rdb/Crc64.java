package dev.holdfast.redis.rdb;

/// The checksum of snapshots: 64 bits, Jones's polynomial, bits reflected, no inversion. Not
/// thread-safe.
public final class Crc64 {
    private static final long REFLECTED = 0x95ac9329ac4bc9b5L;
    private static final int SLICES = 8;
    private static final long[][] TABLES = tables();

    private long value;

    /// Takes in `[from, to)` of `bytes`.
    public void update(byte[] bytes, int from, int to) {
        long crc = value;
        int at = from;
        for (; at + SLICES <= to; at += SLICES) {
            long eight = 0;
            for (int i = SLICES - 1; 0 <= i; i--) eight = eight << 8 | bytes[at + i] & 0xff;
            crc ^= eight;
            long next = 0;
            for (int i = 0; i < SLICES; i++)
                next ^= TABLES[SLICES - 1 - i][(int) (crc >>> 8 * i) & 0xff];
            crc = next;
        }
        for (; at < to; at++) crc = TABLES[0][(int) (crc ^ bytes[at]) & 0xff] ^ crc >>> 8;
        value = crc;
    }

    /// The checksum of all that was taken in.
    public long value() {
        return value;
    }

    // Table n holds what a byte does to the checksum once n more bytes have followed it.
    private static long[][] tables() {
        long[][] tables = new long[SLICES][256];
        for (int i = 0; i < 256; i++) {
            long crc = i;
            for (int bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : REFLECTED);
            tables[0][i] = crc;
        }
        for (int slice = 1; slice < SLICES; slice++) {
            for (int i = 0; i < 256; i++) {
                long before = tables[slice - 1][i];
                tables[slice][i] = tables[0][(int) before & 0xff] ^ before >>> 8;
            }
        }
        return tables;
    }
}
