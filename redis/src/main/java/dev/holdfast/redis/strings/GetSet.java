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

/// `GETSET key value`: sets the string at the key, and gives back the old one.
record GetSet(Bytes key, Bytes value) implements Command {
    static final Syntax SYNTAX =
            Syntax.write("GETSET", 3, words -> new GetSet(words.key(0), words.bytes(1)))
                    .flags(Flag.DENYOOM, Flag.FAST)
                    .keys(KeySpec.one("RW", "access", "update"))
                    .docs(
                            Group.STRING,
                            "1.0.0",
                            "O(1)",
                            "Set the string value of a key and return its old value",
                            "key value");

    @Override
    public Reply run(Keyspace keyspace) {
        RedisString string = keyspace.reading().stringAt(key);
        Bytes old = string.exists() ? string.read() : null;
        string.set(value, StringForm.PLAIN, Meta.NO_EXPIRY);
        keyspace.event(EventKind.STRING, "set", key);
        return Get.reply(old);
    }
}
