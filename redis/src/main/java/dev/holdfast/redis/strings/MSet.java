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
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.ArrayList;
import java.util.List;

/// `MSET key value [key value ...]` and `MSETNX`, which does all or, if a key exists, nothing.
record MSet(List<Pair> pairs, Condition condition) implements Command {
    static final Syntax MSET =
            Syntax.write("MSET", -3, words -> parse(words, Condition.NONE))
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.range(1, -1, 2, "OW", "update"))
                    .docs(
                            Group.STRING,
                            "1.0.1",
                            "O(N) where N is the number of keys to set.",
                            "Set multiple keys to multiple values",
                            "key value [key value ...]");

    static final Syntax MSETNX =
            Syntax.write("MSETNX", -3, words -> parse(words, Condition.ALL_NEW))
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.range(1, -1, 2, "OW", "insert"))
                    .docs(
                            Group.STRING,
                            "1.0.1",
                            "O(N) where N is the number of keys to set.",
                            "Set multiple keys to multiple values, only if none of the keys exist",
                            "key value [key value ...]");

    private static final int EXPECTED_MAX = 16;

    /// A key, and what to set it to.
    record Pair(Bytes key, Bytes value) {}

    /// What must hold before anything is set.
    enum Condition {
        NONE,
        ALL_NEW
    }

    private static MSet parse(Words words, Condition condition) {
        if (words.count() % 2 != 0)
            throw RespError.arity(condition == Condition.NONE ? "mset" : "msetnx");
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < words.count(); i += 2)
            pairs.add(new Pair(words.key(i), words.bytes(i + 1)));
        return new MSet(List.copyOf(pairs), condition);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        if (condition == Condition.ALL_NEW) {
            for (Pair pair : pairs) if (keyspace.exists(pair.key)) return Reply.ZERO;
        }
        for (int i = 0; i < pairs.size(); i++) {
            if (i % EXPECTED_MAX == 0) expect(keyspace, i);
            Pair pair = pairs.get(i);
            keyspace.overwriteAt(pair.key).set(pair.value, StringForm.PLAIN, Meta.NO_EXPIRY);
            keyspace.event(EventKind.STRING, "set", pair.key);
        }
        return condition == Condition.ALL_NEW ? Reply.ONE : Reply.OK;
    }

    private void expect(Keyspace keyspace, int first) {
        int end = Math.min(pairs.size(), first + EXPECTED_MAX);
        List<Bytes> keys = new ArrayList<>(end - first);
        for (Pair pair : pairs.subList(first, end)) keys.add(pair.key);
        keyspace.expect(keys);
    }
}
