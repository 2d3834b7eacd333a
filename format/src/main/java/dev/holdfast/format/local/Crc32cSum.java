package dev.holdfast.format.local;

import dev.holdfast.base.Bytes;
import java.util.zip.CRC32C;

/// The checksum of the local log: CRC-32C, which processors compute.
final class Crc32cSum {
    private Crc32cSum() {}

    /// The checksum of `[offset, offset + length)`.
    static int of(byte[] array, int offset, int length) {
        var crc = new CRC32C();
        crc.update(array, offset, length);
        return (int) crc.getValue();
    }

    static int of(Bytes bytes) {
        return of(bytes.array(), bytes.offset(), bytes.length());
    }
}
