package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;

/// `RANDOMKEY`: one of the keys.
record RandomKey() implements Command {
    static final Syntax SYNTAX =
            Syntax.read("RANDOMKEY", 1, _ -> new RandomKey())
                    .docs(
                            Group.GENERIC,
                            "1.0.0",
                            "O(1)",
                            "Return a random key from the keyspace",
                            "");

    @Override
    public Reply run(Keyspace keyspace) {
        Bytes key = keyspace.randomKey();
        return key == null ? Reply.NULL : Reply.bulk(key);
    }
}
