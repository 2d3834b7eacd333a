package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.signal.EventKind;
import java.util.List;

/// `LPUSH key element [element ...]` and its kin: adds elements at an end, and tells how many there
/// are then.
record Push(Bytes key, List<Bytes> elements, End end, Missing missing) implements Command {
    static final Syntax LPUSH =
            syntax("LPUSH", "1.0.0", End.HEAD, Missing.MAKE, "Prepend one or multiple elements");
    static final Syntax LPUSHX =
            syntax("LPUSHX", "2.2.0", End.HEAD, Missing.LEAVE, "Prepend an element, if it exists,");
    static final Syntax RPUSH =
            syntax("RPUSH", "1.0.0", End.TAIL, Missing.MAKE, "Append one or multiple elements");
    static final Syntax RPUSHX =
            syntax("RPUSHX", "2.2.0", End.TAIL, Missing.LEAVE, "Append an element, if it exists,");

    /// What is done where there is no list.
    enum Missing {
        MAKE,
        LEAVE
    }

    private static Syntax syntax(
            String name, String since, End end, Missing missing, String summary) {
        return Syntax.write(name, -3, words -> new Push(words.key(0), words.keys(1), end, missing))
                .flags(Flag.DENYOOM, Flag.FAST)
                .keys(KeySpec.one("RW", "insert"))
                .docs(
                        Group.LIST,
                        since,
                        "O(1) for each element added, so O(N) to add N elements when the command"
                                + " is called with multiple arguments.",
                        summary + " to a list",
                        "key element [element ...]");
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisList list = RedisList.at(keyspace, key);
        if (missing == Missing.LEAVE && !list.exists()) return Reply.ZERO;
        for (Bytes element : elements) list.push(end, element);
        list.save();
        keyspace.event(EventKind.LIST, end.pushed(), key);
        return Reply.integer(list.count());
    }
}
