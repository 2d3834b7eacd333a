package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import org.jspecify.annotations.Nullable;

/// `GET key`: the string at the key.
record Get(Bytes key) implements Command {
    static final Syntax SYNTAX =
            Syntax.read("GET", 2, words -> new Get(words.key(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RO", "access"))
                    .docs(Group.STRING, "1.0.0", "O(1)", "Get the value of a key", "key");

    @Override
    public Reply run(Keyspace keyspace) {
        return reply(keyspace.string(key));
    }

    static Reply reply(@Nullable Bytes value) {
        return value == null ? Reply.NULL : Reply.bulk(value);
    }
}
