package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.RedisString;

/// `GETRANGE key start end`, also called `SUBSTR`: the bytes from start to end, both included;
/// negative counts from the end.
record GetRange(Bytes key, long start, long end) implements Command {
    static final Syntax SYNTAX = syntax("GETRANGE", "2.4.0");
    static final Syntax SUBSTR = syntax("SUBSTR", "1.0.0");

    private static Syntax syntax(String name, String since) {
        return Syntax.read(name, 4, GetRange::parse)
                .keys(KeySpec.one("RO", "access"))
                .docs(
                        Group.STRING,
                        since,
                        "O(N) where N is the length of the returned string. The complexity is"
                                + " ultimately determined by the returned length, but because"
                                + " creating a substring from an existing string is very cheap, it"
                                + " can be considered O(1) for small strings.",
                        "Get a substring of the string stored at a key",
                        "key start end");
    }

    private static GetRange parse(Words words) {
        return new GetRange(words.key(0), words.integer(1), words.integer(2));
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisString string = keyspace.stringAt(key);
        int length = string.length();
        long first = fromStart(start, length);
        long last = Math.min(fromStart(end, length), length - 1);
        boolean isBackwards = start < 0 && end < 0 && end < start;
        if (isBackwards || last < first) return Reply.EMPTY_BULK;
        return Reply.bulk(string.read((int) first, (int) last + 1));
    }

    private static long fromStart(long index, int length) {
        return index < 0 ? Math.max(0, index + length) : index;
    }
}
