package dev.holdfast.redis.transfer;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.rdb.DumpPayload;
import dev.holdfast.redis.rdb.RdbInput;
import dev.holdfast.redis.rdb.RdbOutput;
import dev.holdfast.redis.resp.RespError;
import java.io.ByteArrayOutputStream;

/// `DUMP key`: the value in the form that RESTORE takes, here and in Redis.
record Dump(Bytes key) implements Command {
    static final Syntax SYNTAX =
            Syntax.read("DUMP", 2, words -> new Dump(words.key(0)))
                    .categories(Category.KEYSPACE)
                    .keys(KeySpec.one("RO", "access"))
                    .docs(
                            Group.GENERIC,
                            "2.6.0",
                            "O(1) to access the key and additional O(N*M) to serialize it, where N"
                                    + " is the number of Redis objects composing the value and M"
                                    + " their average size. For small string values the time"
                                    + " complexity is thus O(1)+O(1*M) where M is small, so simply"
                                    + " O(1).",
                            "Return a serialized version of the value stored at the specified key.",
                            "key");

    /// A reply in the making, which is refused when it is too large to be one.
    private static final class Payload extends ByteArrayOutputStream {
        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (RdbInput.STRING_BYTES_MAX - count < length)
                throw new RespError(RespError.STRING_TOO_LONG);
            super.write(bytes, offset, length);
        }

        Bytes written() {
            return Bytes.wrap(buf, 0, count);
        }
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Meta meta = keyspace.find(key);
        return meta == null ? Reply.NULL : Reply.bulk(of(keyspace, key, meta));
    }

    /// The value at `key`, which is `meta`, as RESTORE takes it.
    static Bytes of(Keyspace keyspace, Bytes key, Meta meta) {
        var payload = new Payload();
        var out = new RdbOutput(payload);
        out.u8(SavedValue.form(meta.type()).tag());
        SavedValue.write(keyspace, key, meta.type(), out);
        DumpPayload.end(out);
        return payload.written();
    }
}
