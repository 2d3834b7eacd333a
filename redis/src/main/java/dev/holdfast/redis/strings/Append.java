package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.signal.EventKind;

/// `APPEND key value`: adds bytes at the end of the string, and tells how long it is then.
record Append(Bytes key, Bytes more) implements Command {
    static final Syntax SYNTAX =
            Syntax.write("APPEND", 3, words -> new Append(words.key(0), words.bytes(1)))
                    .flags(Flag.DENYOOM, Flag.FAST)
                    .keys(KeySpec.one("RW", "insert"))
                    .docs(
                            Group.STRING,
                            "2.0.0",
                            "O(1). The amortized time complexity is O(1) assuming the appended"
                                    + " value is small and the already present value is of any"
                                    + " size, since the dynamic string library used by Redis will"
                                    + " double the free space available on every reallocation.",
                            "Append a value to a key",
                            "key value");

    @Override
    public Reply run(Keyspace keyspace) {
        RedisString string = keyspace.stringAt(key);
        if (string.exists()) string.append(more);
        else string.set(more, StringForm.PLAIN, Meta.NO_EXPIRY);
        keyspace.event(EventKind.STRING, "append", key);
        return Reply.integer(string.length());
    }
}
