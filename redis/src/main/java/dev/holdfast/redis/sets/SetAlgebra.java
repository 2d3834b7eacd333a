package dev.holdfast.redis.sets;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.ListingCommand;
import dev.holdfast.redis.listing.Shape;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.values.HashedMembers;
import dev.holdfast.redis.values.Merge;
import dev.holdfast.redis.values.RedisSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The calls that make one set of several.
final class SetAlgebra {
    private SetAlgebra() {}

    /// What is made of the sets.
    private enum Operation {
        UNION,
        INTERSECTION,
        DIFFERENCE;

        void run(Keyspace keyspace, List<Bytes> keys, Merge.Visitor visitor) {
            List<RedisSet> sets = new ArrayList<>();
            for (Bytes key : keys) sets.add(RedisSet.at(keyspace.reading(), key));
            switch (this) {
                case UNION -> Merge.union(membersOf(sets.stream()), visitor);
                case INTERSECTION -> {
                    if (!sets.stream().allMatch(RedisSet::exists)) return;
                    sets.sort(Comparator.comparingLong(RedisSet::count));
                    Merge.intersection(membersOf(sets.stream()), visitor);
                }
                case DIFFERENCE -> Merge.difference(membersOf(sets.stream()), visitor);
            }
        }

        private static List<HashedMembers> membersOf(Stream<RedisSet> sets) {
            return sets.map(RedisSet::members).toList();
        }
    }

    /// `SUNION key [key ...]`: what is in any of the sets.
    static Command sunion(Words words) {
        return shown(words, Operation.UNION);
    }

    /// `SINTER key [key ...]`: what is in all of the sets.
    static Command sinter(Words words) {
        return shown(words, Operation.INTERSECTION);
    }

    /// `SDIFF key [key ...]`: what is in the first set and in no other.
    static Command sdiff(Words words) {
        return shown(words, Operation.DIFFERENCE);
    }

    /// `SUNIONSTORE destination key [key ...]`: keeps what SUNION would show.
    static Command sunionstore(Words words) {
        return stored(words, Operation.UNION, "sunionstore");
    }

    /// `SINTERSTORE destination key [key ...]`: keeps what SINTER would show.
    static Command sinterstore(Words words) {
        return stored(words, Operation.INTERSECTION, "sinterstore");
    }

    /// `SDIFFSTORE destination key [key ...]`: keeps what SDIFF would show.
    static Command sdiffstore(Words words) {
        return stored(words, Operation.DIFFERENCE, "sdiffstore");
    }

    /// `SINTERCARD numkeys key [key ...] [LIMIT limit]`: how many are in all of the sets.
    static Command sintercard(Words words) {
        String complaint = "ERR numkeys should be greater than 0";
        long count = words.integer(0, complaint);
        if (count < 1) throw new RespError(complaint);
        if (words.count() - 1 < count)
            throw new RespError("ERR Number of keys can't be greater than number of args");
        List<Bytes> keys = words.keys(1).subList(0, (int) count);
        long limit = limit(words.options(1 + (int) count));
        return keyspace -> {
            long[] found = {0};
            Operation.INTERSECTION.run(keyspace, keys, (_, _) -> ++found[0] != limit);
            return Reply.integer(found[0]);
        };
    }

    private static long limit(Options options) {
        long limit = 0;
        while (options.more()) {
            if (!options.keyword().equals("LIMIT")) throw options.unexpected();
            limit = options.integer("ERR LIMIT can't be negative");
            if (limit < 0) throw new RespError("ERR LIMIT can't be negative");
        }
        return limit;
    }

    private static Command shown(Words words, Operation operation) {
        List<Bytes> keys = words.keys(0);
        return (ListingCommand)
                keyspace ->
                        Listing.uncounted(
                                Shape.SET,
                                visitor ->
                                        operation.run(
                                                keyspace,
                                                keys,
                                                (name, _) -> visitor.take(Reply.bulk(name))));
    }

    private static Command stored(Words words, Operation operation, String event) {
        Bytes destination = words.key(0);
        List<Bytes> keys = words.keys(1);
        return keyspace -> {
            RedisSet result = RedisSet.anewAt(keyspace, destination);
            operation.run(
                    keyspace,
                    keys,
                    (name, _) -> {
                        result.addNew(name);
                        return true;
                    });
            if (!result.exists()) {
                keyspace.deleteForNothing(destination);
                return Reply.ZERO;
            }
            result.save();
            keyspace.event(EventKind.SET, event, destination);
            return Reply.integer(result.count());
        };
    }
}
