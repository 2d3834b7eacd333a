package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.signal.EventKind;

/// `GETDEL key`: the string at the key, which is removed.
record GetDel(Bytes key) implements Command {
    static final Syntax SYNTAX =
            Syntax.write("GETDEL", 2, words -> new GetDel(words.key(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RW", "access", "delete"))
                    .docs(
                            Group.STRING,
                            "6.2.0",
                            "O(1)",
                            "Get the value of a key and delete the key",
                            "key");

    @Override
    public Reply run(Keyspace keyspace) {
        Bytes value = keyspace.reading().string(key);
        if (keyspace.delete(key)) keyspace.event(EventKind.GENERIC, "del", key);
        return Get.reply(value);
    }
}
