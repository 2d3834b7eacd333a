package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.members.LongDouble;
import dev.holdfast.redis.signal.EventKind;

/// `INCRBYFLOAT key increment`: adds to the floating-point number at the key, and tells what it is
/// then.
///
/// @param increment read as a number only once the value was: its type comes first
record IncrByFloat(Bytes key, Bytes increment) implements Command {
    static final Syntax SYNTAX =
            Syntax.write("INCRBYFLOAT", 3, words -> new IncrByFloat(words.key(0), words.bytes(1)))
                    .flags(Flag.DENYOOM, Flag.FAST)
                    .keys(KeySpec.one("RW", "access", "update"))
                    .docs(
                            Group.STRING,
                            "2.6.0",
                            "O(1)",
                            "Increment the float value of a key by the given amount",
                            "key increment");

    @Override
    public Reply run(Keyspace keyspace) {
        RedisString string = keyspace.stringAt(key);
        LongDouble old = string.exists() ? LongDouble.parse(string.read()) : LongDouble.ZERO;
        Bytes sum = Bytes.utf8(old.plus(LongDouble.parse(increment)).toString());
        string.set(sum, StringForm.TEXT, string.expireAtMillis());
        keyspace.event(EventKind.STRING, "incrbyfloat", key);
        return Reply.bulk(sum);
    }
}
