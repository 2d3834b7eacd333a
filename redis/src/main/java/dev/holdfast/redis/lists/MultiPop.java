package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count]`: takes elements of the first list that
/// has any.
record MultiPop(List<Bytes> keys, End end, long count) implements Command {
    static final Syntax LMPOP =
            Syntax.write("LMPOP", -4, words -> parse(words, 0))
                    .keys(KeySpec.counted(1, "RW", "access", "delete"))
                    .docs(
                            Group.LIST,
                            "7.0.0",
                            "O(N+M) where N is the number of provided keys and M is the number of"
                                    + " elements returned.",
                            "Pop elements from a list",
                            "numkeys key [key ...] LEFT | RIGHT [COUNT count]");

    static final Syntax BLMPOP =
            Syntax.write("BLMPOP", -5, MultiPop::parseWaiting)
                    .flags(Flag.BLOCKING)
                    .keys(KeySpec.counted(2, "RW", "access", "delete"))
                    .docs(
                            Group.LIST,
                            "7.0.0",
                            "O(N+M) where N is the number of provided keys and M is the number of"
                                    + " elements returned.",
                            "Pop elements from a list, or block until one is available",
                            "timeout numkeys key [key ...] LEFT | RIGHT [COUNT count]");

    private static final long ONCE = -1;

    /// `BLMPOP timeout ...`: waits if none has.
    record Waiting(MultiPop pop, long millis) implements WaitingCommand {
        @Override
        public @Nullable Reply attempt(Keyspace keyspace) {
            return pop.attempt(keyspace);
        }

        @Override
        public @Nullable Reply serve(Keyspace keyspace, Bytes key) {
            Meta meta = keyspace.find(key);
            if (meta == null || meta.type() != KeyType.LIST) return null;
            return pop.take(keyspace, key, RedisList.at(keyspace, key));
        }

        @Override
        public Patience patience() {
            return new Patience(pop.keys, millis);
        }
    }

    private static Waiting parseWaiting(Words words) {
        MultiPop pop = parse(words, 1);
        return new Waiting(pop, WaitingCommand.timeoutMillis(words.bytes(0)));
    }

    private static MultiPop parse(Words words, int at) {
        long keyCount = positive(words.bytes(at), "ERR numkeys should be greater than 0");
        if (words.count() - at - 2 < keyCount) throw new RespError(RespError.SYNTAX);
        Options options = words.options(at + 1);
        List<Bytes> keys = new ArrayList<>();
        for (long i = 0; i < keyCount; i++) keys.add(options.bytes());
        End end = End.of(options.bytes());
        long count = ONCE;
        while (options.more()) {
            if (count != ONCE || !options.keyword().equals("COUNT")) throw options.unexpected();
            count = positive(options.bytes(), "ERR count should be greater than 0");
        }
        return new MultiPop(List.copyOf(keys), end, Math.max(1, count));
    }

    private static long positive(Bytes word, String complaint) {
        long value = Numbers.integer(word, complaint);
        if (value < 1) throw new RespError(complaint);
        return value;
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Reply reply = attempt(keyspace);
        return reply == null ? Reply.NULL_ARRAY : reply;
    }

    private @Nullable Reply attempt(Keyspace keyspace) {
        for (Bytes key : keys) {
            RedisList list = RedisList.at(keyspace, key);
            if (list.exists()) return take(keyspace, key, list);
        }
        return null;
    }

    private Reply take(Keyspace keyspace, Bytes key, RedisList list) {
        List<Bytes> popped = Pop.pop(keyspace, key, list, end, count);
        List<Reply> elements = popped.stream().map(Reply::bulk).toList();
        return Reply.array(Reply.bulk(key), Reply.array(elements));
    }
}
