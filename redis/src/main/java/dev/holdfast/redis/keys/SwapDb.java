package dev.holdfast.redis.keys;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;

/// `SWAPDB index1 index2`: has two databases change places.
record SwapDb(int one, int other) implements Command {
    static final Syntax SYNTAX =
            Syntax.write("SWAPDB", 3, SwapDb::parse)
                    .flags(Flag.FAST)
                    .categories(Category.KEYSPACE, Category.DANGEROUS)
                    .docs(
                            Group.SERVER,
                            "4.0.0",
                            "O(N) where N is the count of clients watching or blocking on keys from"
                                    + " both databases.",
                            "Swaps two Redis databases",
                            "index1 index2");

    private static SwapDb parse(Words words) {
        long one = Databases.number(words.bytes(0), "ERR invalid first DB index");
        long other = Databases.number(words.bytes(1), "ERR invalid second DB index");
        return new SwapDb(Databases.checked(one), Databases.checked(other));
    }

    @Override
    public Reply run(Keyspace keyspace) {
        keyspace.in(one).swap(other);
        return Reply.OK;
    }
}
