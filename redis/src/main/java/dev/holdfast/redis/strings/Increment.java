package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;

/// `INCR`, `INCRBY`, `DECR` and `DECRBY`: adds to the integer at the key, and tells what it is
/// then.
record Increment(Bytes key, long step) implements Command {
    static final Syntax INCR =
            syntax(
                    "INCR",
                    2,
                    words -> new Increment(words.key(0), 1),
                    "Increment the integer value of a key by one",
                    "key");

    static final Syntax DECR =
            syntax(
                    "DECR",
                    2,
                    words -> new Increment(words.key(0), -1),
                    "Decrement the integer value of a key by one",
                    "key");

    static final Syntax INCRBY =
            syntax(
                    "INCRBY",
                    3,
                    words -> new Increment(words.key(0), words.integer(1)),
                    "Increment the integer value of a key by the given amount",
                    "key increment");

    static final Syntax DECRBY =
            syntax(
                    "DECRBY",
                    3,
                    Increment::parseDecrBy,
                    "Decrement the integer value of a key by the given number",
                    "key decrement");

    private static Syntax syntax(
            String name, int arity, Parser parser, String summary, String usage) {
        return Syntax.write(name, arity, parser)
                .flags(Flag.DENYOOM, Flag.FAST)
                .keys(KeySpec.one("RW", "access", "update"))
                .docs(Group.STRING, "1.0.0", "O(1)", summary, usage);
    }

    private static Increment parseDecrBy(Words words) {
        long decrement = words.integer(1);
        if (decrement == Long.MIN_VALUE) throw new RespError("ERR decrement would overflow");
        return new Increment(words.key(0), -decrement);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisString string = keyspace.stringAt(key);
        long old = string.exists() ? Numbers.integer(string.read(), RespError.NOT_AN_INTEGER) : 0;
        long sum = old + step;
        if (((old ^ sum) & (step ^ sum)) < 0) throw new RespError(RespError.OVERFLOW);
        string.set(Bytes.utf8(Long.toString(sum)), StringForm.PLAIN, string.expireAtMillis());
        keyspace.event(EventKind.STRING, "incrby", key);
        return Reply.integer(sum);
    }
}
