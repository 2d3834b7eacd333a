package dev.holdfast.redis.keys;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.ListingCommand;
import dev.holdfast.redis.listing.Shape;

/// `KEYS pattern`: all keys of a pattern.
record Keys(Glob pattern) implements ListingCommand {
    static final Syntax SYNTAX =
            Syntax.read("KEYS", 2, words -> new Keys(Glob.of(words.bytes(0))))
                    .categories(Category.DANGEROUS)
                    .docs(
                            Group.GENERIC,
                            "1.0.0",
                            "O(N) with N being the number of keys in the database, under the"
                                    + " assumption that the key names in the database and the given"
                                    + " pattern have limited length.",
                            "Find all keys matching the given pattern",
                            "pattern");

    @Override
    public Listing list(Keyspace keyspace) {
        return Listing.uncounted(
                Shape.ARRAY,
                visitor ->
                        keyspace.visitKeys(
                                key -> !pattern.matches(key) || visitor.take(Reply.bulk(key))));
    }
}
