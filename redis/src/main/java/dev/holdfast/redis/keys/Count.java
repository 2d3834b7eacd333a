package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import java.util.List;
import java.util.function.UnaryOperator;

/// `EXISTS key [key ...]` and `TOUCH`: how many of the keys there are; named twice, counted twice.
record Count(List<Bytes> keys, UnaryOperator<Keyspace> regard) implements Command {
    static final Syntax EXISTS =
            Syntax.read("EXISTS", -2, words -> new Count(words.keys(0), Keyspace::aside))
                    .flags(Flag.FAST)
                    .keys(KeySpec.all("RO"))
                    .docs(
                            Group.GENERIC,
                            "1.0.0",
                            "O(N) where N is the number of keys to check.",
                            "Determine if a key exists",
                            "key [key ...]");

    static final Syntax TOUCH =
            Syntax.read("TOUCH", -2, words -> new Count(words.keys(0), Keyspace::inUse))
                    .flags(Flag.FAST)
                    .keys(KeySpec.all("RO"))
                    .docs(
                            Group.GENERIC,
                            "3.2.1",
                            "O(N) where N is the number of keys that will be touched.",
                            "Alters the last access time of a key(s). Returns the number of"
                                    + " existing keys specified.",
                            "key [key ...]");

    @Override
    public Reply run(Keyspace keyspace) {
        Keyspace looked = regard.apply(keyspace);
        return Reply.integer(keys.stream().filter(looked::exists).count());
    }
}
