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

/// `TYPE key`: of which type the value at the key is.
record Type(Bytes key) implements Command {
    static final Syntax SYNTAX =
            Syntax.read("TYPE", 2, words -> new Type(words.key(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RO"))
                    .docs(
                            Group.GENERIC,
                            "1.0.0",
                            "O(1)",
                            "Determine the type stored at key",
                            "key");

    @Override
    public Reply run(Keyspace keyspace) {
        Meta meta = keyspace.aside().find(key);
        return Reply.simple(meta == null ? "none" : meta.type().word());
    }
}
