package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.ListingCommand;
import dev.holdfast.redis.listing.Shape;
import dev.holdfast.redis.resp.RespError;

/// `LLEN`, `LINDEX` and `LRANGE`: what is in a list.
final class Look {
    static final Syntax LLEN =
            Syntax.read("LLEN", 2, words -> length(words.key(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RO"))
                    .docs(Group.LIST, "1.0.0", "O(1)", "Get the length of a list", "key");

    static final Syntax LINDEX =
            Syntax.read("LINDEX", 3, words -> element(words.key(0), words.bytes(1)))
                    .keys(KeySpec.one("RO", "access"))
                    .docs(
                            Group.LIST,
                            "1.0.0",
                            "O(N) where N is the number of elements to traverse to get to the"
                                    + " element at index. This makes asking for the first or the"
                                    + " last element of the list O(1).",
                            "Get an element from a list by its index",
                            "key index");

    static final Syntax LRANGE =
            Syntax.read(
                            "LRANGE",
                            4,
                            words -> range(words.key(0), words.integer(1), words.integer(2)))
                    .keys(KeySpec.one("RO", "access"))
                    .docs(
                            Group.LIST,
                            "1.0.0",
                            "O(S+N) where S is the distance of start offset from HEAD for small"
                                    + " lists, from nearest end (HEAD or TAIL) for large lists;"
                                    + " and N is the number of elements in the specified range.",
                            "Get a range of elements from a list",
                            "key start stop");

    private Look() {}

    private static Command length(Bytes key) {
        return keyspace -> Reply.integer(RedisList.at(keyspace, key).count());
    }

    // The key is looked at before the index is.
    private static Command element(Bytes key, Bytes index) {
        return keyspace -> {
            RedisList list = RedisList.at(keyspace, key);
            if (!list.exists()) return Reply.NULL;
            RedisList.Element found = list.find(Numbers.integer(index, RespError.NOT_AN_INTEGER));
            return found == null ? Reply.NULL : Reply.bulk(found.value());
        };
    }

    private static Command range(Bytes key, long start, long stop) {
        return (ListingCommand)
                keyspace -> {
                    RedisList list = RedisList.at(keyspace, key);
                    long first = Math.max(0, RedisList.inside(start, list.count()));
                    long last = Math.min(list.count() - 1, RedisList.inside(stop, list.count()));
                    if (last < first) return Listing.instead(Reply.EMPTY_ARRAY);
                    return Listing.of(
                            Shape.ARRAY,
                            () -> last + 1 - first,
                            visitor ->
                                    list.visit(
                                            first,
                                            last + 1,
                                            each -> visitor.take(Reply.bulk(each))));
                };
    }
}
