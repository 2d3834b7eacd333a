package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.CopyingCommand;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspace.Passage;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;

/// `RENAME key newkey` and `RENAMENX`, which spares what is at the new key.
record Rename(Bytes key, Bytes newKey, Collision collision) implements CopyingCommand {
    static final Syntax RENAME =
            Syntax.write("RENAME", 3, words -> of(words, Collision.REPLACE))
                    .keys(KeySpec.at(1, "RW", "access", "delete"), KeySpec.at(2, "OW", "update"))
                    .docs(Group.GENERIC, "1.0.0", "O(1)", "Rename a key", "key newkey");

    static final Syntax RENAMENX =
            Syntax.write("RENAMENX", 3, words -> of(words, Collision.SPARE))
                    .flags(Flag.FAST)
                    .keys(KeySpec.at(1, "RW", "access", "delete"), KeySpec.at(2, "OW", "insert"))
                    .docs(
                            Group.GENERIC,
                            "1.0.0",
                            "O(1)",
                            "Rename a key, only if the new key does not exist",
                            "key newkey");

    /// What happens to a value that is at the new key already.
    enum Collision {
        REPLACE,
        SPARE
    }

    private static Rename of(Words words, Collision collision) {
        return new Rename(words.key(0), words.key(1), collision);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Meta meta = keyspace.find(key);
        if (meta == null) throw new RespError(RespError.NO_SUCH_KEY);
        boolean isSpared = collision == Collision.SPARE && keyspace.exists(newKey);
        if (isSpared) return Reply.ZERO;
        if (!key.equals(newKey)) {
            keyspace.copy(key, meta, keyspace, newKey);
            keyspace.delete(key);
            keyspace.event(EventKind.GENERIC, "rename_from", key);
            keyspace.event(EventKind.GENERIC, "rename_to", newKey);
        }
        return collision == Collision.SPARE ? Reply.ONE : Reply.OK;
    }

    @Override
    public Passage passage(int database) {
        return new Passage(key, database, newKey);
    }
}
