package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.List;
import java.util.Locale;

/// `LPOP key [count]` and `RPOP`: takes elements from an end.
///
/// @param count how many; [#ONE] where none was given, which also answers in another form
record Pop(Bytes key, long count, End end) implements Command {
    static final Syntax LPOP = syntax("LPOP", End.HEAD, "first");
    static final Syntax RPOP = syntax("RPOP", End.TAIL, "last");

    private static final long ONE = -1;
    private static final String NOT_A_COUNT = "ERR value is out of range, must be positive";

    private static Syntax syntax(String name, End end, String which) {
        return Syntax.write(name, -2, words -> parse(words, name, end))
                .flags(Flag.FAST)
                .keys(KeySpec.one("RW", "access", "delete"))
                .docs(
                        Group.LIST,
                        "1.0.0",
                        "O(N) where N is the number of elements returned",
                        "Remove and get the " + which + " elements in a list",
                        "key [count]");
    }

    private static Pop parse(Words words, String name, End end) {
        if (2 < words.count()) throw RespError.arity(name.toLowerCase(Locale.ROOT));
        long count = words.count() == 1 ? ONE : words.integer(1, NOT_A_COUNT);
        if (words.count() == 2 && count < 0) throw new RespError(NOT_A_COUNT);
        return new Pop(words.key(0), count, end);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisList list = RedisList.at(keyspace, key);
        if (!list.exists()) return count == ONE ? Reply.NULL : Reply.NULL_ARRAY;
        if (count == 0) return Reply.EMPTY_ARRAY;
        List<Bytes> popped = pop(keyspace, key, list, end, Math.max(1, count));
        if (count == ONE) return Reply.bulk(popped.getFirst());
        return Reply.array(popped.stream().map(Reply::bulk).toList());
    }

    /// Takes elements from `list`, which is at `key` and not empty, and tells of it.
    static List<Bytes> pop(Keyspace keyspace, Bytes key, RedisList list, End end, long most) {
        List<Bytes> popped = list.pop(end, most);
        list.save();
        keyspace.event(EventKind.LIST, end.popped(), key);
        if (!list.exists()) keyspace.event(EventKind.GENERIC, "del", key);
        return popped;
    }
}
