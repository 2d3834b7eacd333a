package dev.holdfast.format;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.row.RowFlags;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Writes blocks of version 1, which the product only reads.
public final class BlockV1Encoder {
    private BlockV1Encoder() {}

    public static Bytes encode(List<Row> rows) {
        var bytes = new ByteArrayOutputStream();
        var offsets = new ArrayList<Integer>();
        try (var out = new DataOutputStream(bytes)) {
            for (Row row : rows) {
                offsets.add(out.size());
                write(
                        row,
                        rows.getFirst().key(),
                        offsets.size() == 1 ? 0 : row.key().length(),
                        out);
            }
            for (int offset : offsets) out.writeShort(offset);
            out.writeShort(offsets.size());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    private static void write(Row row, Bytes first, int prefixMax, DataOutputStream out)
            throws IOException {
        int prefix = 0;
        int longest = Math.min(first.length(), prefixMax);
        while (prefix < longest && first.at(prefix) == row.key().at(prefix)) prefix++;
        Bytes suffix = row.key().slice(prefix, row.key().length());
        out.writeShort(prefix);
        out.writeShort(suffix.length());
        out.write(suffix.toArray());
        out.writeLong(row.seq());
        out.writeByte(row.flags());
        if ((row.flags() & RowFlags.HAS_EXPIRY) != 0) out.writeLong(row.expireAt());
        if ((row.flags() & RowFlags.HAS_CREATION) != 0) out.writeLong(row.createdAt());
        if ((row.flags() & RowFlags.TOMBSTONE) != 0) return;
        out.writeInt(row.value().length());
        out.write(row.value().toArray());
    }
}
