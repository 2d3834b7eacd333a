package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// How far an import has come that is not at its end, as it is kept beside the data.
///
/// ```
/// | format u8 = 1 | source u8 | keys i64 | left out i64 |
/// of a snapshot: | offset i64 | checksum u64 |; of a server: | database u8 | cursor u64 | run id |
/// ```
public sealed interface ImportNote {
    /// How many keys of the source are behind it.
    long keys();

    /// How many of these were left out: expired or refused.
    long leftOut();

    /// A snapshot, up to a place; the checksum of what stands before it tells it from others.
    record OfSnapshot(long keys, long leftOut, long offset, long checksum) implements ImportNote {}

    /// A server, up to a cursor in one of its databases. Both mean something to one run of it only.
    record OfServer(long keys, long leftOut, int database, long cursor, String runId)
            implements ImportNote {}

    /// The same with `more` keys left out.
    default ImportNote alsoLeftOut(long more) {
        long all = leftOut() + more;
        return switch (this) {
            case OfSnapshot(long keys, long _, long offset, long checksum) ->
                    new OfSnapshot(keys, all, offset, checksum);
            case OfServer(long keys, long _, int database, long cursor, String runId) ->
                    new OfServer(keys, all, database, cursor, runId);
        };
    }

    /// Its bytes.
    default Bytes encode() {
        int source = this instanceof OfSnapshot ? 1 : 2;
        Bytes id = this instanceof OfServer server ? Bytes.utf8(server.runId) : Bytes.EMPTY;
        int tail = source == 1 ? 2 * Long.BYTES : 1 + Long.BYTES;
        ByteBuffer out = ByteBuffer.allocate(2 + 2 * Long.BYTES + tail + id.length());
        out.put((byte) 1).put((byte) source).putLong(keys()).putLong(leftOut());
        switch (this) {
            case OfSnapshot snapshot -> out.putLong(snapshot.offset).putLong(snapshot.checksum);
            case OfServer server -> out.put((byte) server.database).putLong(server.cursor);
        }
        id.copyTo(out.array(), out.position());
        return Bytes.wrap(out.array());
    }

    /// The note in `encoded`.
    static ImportNote decode(Bytes encoded) {
        ByteBuffer in = encoded.toBuffer();
        try {
            int form = in.getShort();
            long keys = in.getLong();
            long leftOut = in.getLong();
            if (form == 0x0101) return new OfSnapshot(keys, leftOut, in.getLong(), in.getLong());
            if (form != 0x0102) throw invalid(encoded, null);
            int database = in.get();
            long cursor = in.getLong();
            String runId = encoded.slice(in.position(), encoded.length()).toUtf8();
            return new OfServer(keys, leftOut, database, cursor, runId);
        } catch (BufferUnderflowException cut) {
            throw invalid(encoded, cut);
        }
    }

    private static StorageException invalid(Bytes encoded, @Nullable Throwable cause) {
        return new StorageException.CorruptData(
                "note of an import invalid. note=`" + encoded + "`", cause);
    }
}
