package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.command.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// An entry of a stream: its id, then fields and values in turn.
///
/// ```
/// value of its row: | length u32 | bytes | for each field and value
/// ```
record Entry(StreamId id, List<Bytes> fields) {
    static Bytes encode(List<Bytes> fields) {
        int bytes = 0;
        for (Bytes field : fields) bytes = Math.addExact(bytes, Integer.BYTES + field.length());
        ByteBuffer out = ByteBuffer.allocate(bytes);
        for (Bytes field : fields) {
            out.putInt(field.length());
            field.copyTo(out.array(), out.position());
            out.position(out.position() + field.length());
        }
        return Bytes.wrap(out.array());
    }

    static Entry decode(StreamId id, Bytes value) {
        List<Bytes> fields = new ArrayList<>();
        ByteBuffer in = value.toBuffer();
        while (in.hasRemaining()) {
            int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (length < 0 || in.remaining() < length)
                throw new StorageException.CorruptData(
                        "stream entry invalid. id=`" + id + "`", null);
            int at = value.length() - in.remaining();
            fields.add(value.slice(at, at + length));
            in.position(in.position() + length);
        }
        return new Entry(id, fields);
    }

    /// About how much memory it takes.
    long heldBytes() {
        long held = 2 * Reply.HELD_BYTES;
        for (Bytes field : fields) held += Reply.HELD_BYTES + field.length();
        return held;
    }

    Reply reply() {
        return Reply.array(id.reply(), Reply.array(fields.stream().map(Reply::bulk).toList()));
    }
}
