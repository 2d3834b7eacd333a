package dev.holdfast.redis.keys;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.resp.RespError;

/// `FLUSHDB [ASYNC | SYNC]` and `FLUSHALL`: empties one database or all, in one step either way.
record Flush(Extent extent) implements Command {
    static final Syntax FLUSHDB =
            syntax(
                    Extent.FLUSHDB,
                    "O(N) where N is the number of keys in the selected database",
                    "Remove all keys from the current database");

    static final Syntax FLUSHALL =
            syntax(
                    Extent.FLUSHALL,
                    "O(N) where N is the total number of keys in all databases",
                    "Remove all keys from all databases");

    /// Which of the commands it is.
    enum Extent {
        FLUSHDB,
        FLUSHALL
    }

    private static Syntax syntax(Extent extent, String complexity, String summary) {
        return Syntax.write(extent.name(), -1, words -> parse(words, extent))
                .categories(Category.KEYSPACE, Category.DANGEROUS)
                .docs(Group.SERVER, "1.0.0", complexity, summary, "[ASYNC | SYNC]");
    }

    private static Flush parse(Words words, Extent extent) {
        boolean isPlain = words.count() == 0;
        boolean isKnown = words.count() == 1 && (words.is(0, "ASYNC") || words.is(0, "SYNC"));
        if (!isPlain && !isKnown) throw new RespError(RespError.SYNTAX);
        return new Flush(extent);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        switch (extent) {
            case FLUSHDB -> keyspace.flush();
            case FLUSHALL -> {
                for (int i = 0; i < Keyspaces.COUNT; i++) keyspace.in(i).flush();
            }
        }
        return Reply.OK;
    }
}
