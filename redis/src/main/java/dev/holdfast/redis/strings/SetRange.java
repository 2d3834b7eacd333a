package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;

/// `SETRANGE key offset value`: replaces bytes of the string from the offset on, with zeros before
/// it where the string is shorter, and tells how long it is then.
record SetRange(Bytes key, long offset, Bytes patch) implements Command {
    static final Syntax SYNTAX =
            Syntax.write("SETRANGE", 4, SetRange::parse)
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.one("RW", "update"))
                    .docs(
                            Group.STRING,
                            "2.2.0",
                            "O(1), not counting the time taken to copy the new string in place."
                                    + " Usually, this string is very small so the amortized"
                                    + " complexity is O(1). Otherwise, complexity is O(M) with M"
                                    + " being the length of the value argument.",
                            "Overwrite part of a string at key starting at the specified offset",
                            "key offset value");

    private static SetRange parse(Words words) {
        long offset = words.integer(1);
        if (offset < 0) throw new RespError(RespError.OFFSET_OUT_OF_RANGE);
        return new SetRange(words.key(0), offset, words.bytes(2));
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisString string = keyspace.stringAt(key);
        if (patch.isEmpty()) return Reply.integer(string.length());
        string.write(offset, patch);
        keyspace.event(EventKind.STRING, "setrange", key);
        return Reply.integer(string.length());
    }
}
