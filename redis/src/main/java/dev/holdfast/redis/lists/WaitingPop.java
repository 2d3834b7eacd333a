package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `BLPOP key [key ...] timeout` and `BRPOP`: takes an element of the first list that has one, and
/// waits if none has.
record WaitingPop(List<Bytes> keys, long millis, End end) implements WaitingCommand {
    static final Syntax BLPOP = syntax("BLPOP", End.HEAD, "first");
    static final Syntax BRPOP = syntax("BRPOP", End.TAIL, "last");

    private static Syntax syntax(String name, End end, String which) {
        return Syntax.write(name, -3, words -> parse(words, end))
                .flags(Flag.NOSCRIPT, Flag.BLOCKING)
                .keys(KeySpec.range(1, -2, 1, "RW", "access", "delete"))
                .docs(
                        Group.LIST,
                        "2.0.0",
                        "O(N) where N is the number of provided keys.",
                        "Remove and get the "
                                + which
                                + " element in a list, or block until one is"
                                + " available",
                        "key [key ...] timeout");
    }

    private static WaitingPop parse(Words words, End end) {
        long millis = WaitingCommand.timeoutMillis(words.bytes(words.count() - 1));
        List<Bytes> keys = words.keys(0).subList(0, words.count() - 1);
        return new WaitingPop(List.copyOf(keys), millis, end);
    }

    @Override
    public @Nullable Reply attempt(Keyspace keyspace) {
        for (Bytes key : keys) {
            RedisList list = RedisList.at(keyspace, key);
            if (list.exists()) return pop(keyspace, key, list);
        }
        return null;
    }

    @Override
    public @Nullable Reply serve(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        if (meta == null || meta.type() != KeyType.LIST) return null;
        return pop(keyspace, key, RedisList.at(keyspace, key));
    }

    @Override
    public Patience patience() {
        return new Patience(keys, millis);
    }

    private Reply pop(Keyspace keyspace, Bytes key, RedisList list) {
        Bytes element = Pop.pop(keyspace, key, list, end, 1).getFirst();
        return Reply.array(Reply.bulk(key), Reply.bulk(element));
    }
}
