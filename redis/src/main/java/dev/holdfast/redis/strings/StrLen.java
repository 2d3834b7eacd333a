package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;

/// `STRLEN key`: how many bytes the string has.
record StrLen(Bytes key) implements Command {
    static final Syntax SYNTAX =
            Syntax.read("STRLEN", 2, words -> new StrLen(words.key(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RO"))
                    .docs(
                            Group.STRING,
                            "2.2.0",
                            "O(1)",
                            "Get the length of the value stored in a key",
                            "key");

    @Override
    public Reply run(Keyspace keyspace) {
        return Reply.integer(keyspace.stringAt(key).length());
    }
}
