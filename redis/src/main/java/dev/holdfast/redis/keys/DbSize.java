package dev.holdfast.redis.keys;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;

/// `DBSIZE`: how many keys there are.
record DbSize() implements Command {
    static final Syntax SYNTAX =
            Syntax.read("DBSIZE", 1, _ -> new DbSize())
                    .flags(Flag.FAST)
                    .categories(Category.KEYSPACE)
                    .docs(
                            Group.SERVER,
                            "1.0.0",
                            "O(1)",
                            "Return the number of keys in the selected database",
                            "");

    @Override
    public Reply run(Keyspace keyspace) {
        return Reply.integer(keyspace.count().keys());
    }
}
