package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;

/// `PERSIST key`: has the key exist for ever.
record Persist(Bytes key) implements Command {
    static final Syntax SYNTAX =
            Syntax.write("PERSIST", 2, words -> new Persist(words.key(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RW", "update"))
                    .docs(
                            Group.GENERIC,
                            "2.2.0",
                            "O(1)",
                            "Remove the expiration from a key",
                            "key");

    @Override
    public Reply run(Keyspace keyspace) {
        Meta meta = keyspace.find(key);
        if (meta == null || !meta.expires()) return Reply.ZERO;
        keyspace.expire(key, meta, Meta.NO_EXPIRY);
        return Reply.ONE;
    }
}
