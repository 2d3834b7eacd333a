package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import java.util.List;

/// `MGET key [key ...]`: the strings at the keys, nothing where there is none.
record MGet(List<Bytes> keys) implements Command {
    static final Syntax SYNTAX =
            Syntax.read("MGET", -2, words -> new MGet(words.keys(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.all("RO", "access"))
                    .docs(
                            Group.STRING,
                            "1.0.0",
                            "O(N) where N is the number of keys to retrieve.",
                            "Get the values of all the given keys",
                            "key [key ...]");

    @Override
    public Reply run(Keyspace keyspace) {
        return Reply.array(keys.stream().map(key -> valueOf(keyspace, key)).toList());
    }

    private static Reply valueOf(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        boolean isString = meta != null && meta.type() == KeyType.STRING;
        return isString ? Get.reply(keyspace.string(key)) : Reply.NULL;
    }
}
