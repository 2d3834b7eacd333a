package dev.holdfast.redis.hashes;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.ListingCommand;
import dev.holdfast.redis.listing.Shape;
import dev.holdfast.redis.members.Draw;
import dev.holdfast.redis.members.ScanCall;
import dev.holdfast.redis.values.HashedMembers;
import dev.holdfast.redis.values.Member;
import dev.holdfast.redis.values.RedisHash;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The calls that look at hashes.
final class HashReads {
    private HashReads() {}

    /// `HGET key field`: the value of the field.
    static Command hget(Words words) {
        Bytes key = words.key(0);
        Bytes field = words.bytes(1);
        return keyspace -> bulk(RedisHash.at(keyspace, key).get(field));
    }

    /// `HMGET key field [field ...]`: the values of the fields.
    static Command hmget(Words words) {
        Bytes key = words.key(0);
        List<Bytes> fields = words.keys(1);
        return keyspace -> {
            RedisHash hash = RedisHash.at(keyspace, key);
            return Reply.array(fields.stream().map(hash::get).map(HashReads::bulk).toList());
        };
    }

    /// `HEXISTS key field`: whether there is such a field.
    static Command hexists(Words words) {
        Bytes key = words.key(0);
        Bytes field = words.bytes(1);
        return keyspace -> RedisHash.at(keyspace, key).get(field) == null ? Reply.ZERO : Reply.ONE;
    }

    /// `HSTRLEN key field`: how long the value of the field is.
    static Command hstrlen(Words words) {
        Bytes key = words.key(0);
        Bytes field = words.bytes(1);
        return keyspace -> {
            Bytes value = RedisHash.at(keyspace, key).get(field);
            return Reply.integer(value == null ? 0 : value.length());
        };
    }

    /// `HLEN key`: how many fields there are.
    static Command hlen(Words words) {
        Bytes key = words.key(0);
        return keyspace -> Reply.integer(RedisHash.at(keyspace, key).count());
    }

    /// `HGETALL key`: all fields with their values.
    static Command hgetall(Words words) {
        Bytes key = words.key(0);
        return (ListingCommand)
                keyspace -> {
                    RedisHash hash = RedisHash.at(keyspace, key);
                    return Listing.of(
                            Shape.MAP,
                            () -> 2 * hash.count(),
                            visitor -> visitPairs(hash, visitor));
                };
    }

    private static void visitPairs(RedisHash hash, Listing.Visitor visitor) {
        try (HashedMembers.Walk walk = hash.fields().walk()) {
            boolean takesMore = true;
            while (takesMore && walk.next())
                takesMore =
                        visitor.take(Reply.bulk(walk.name()))
                                && visitor.take(Reply.bulk(walk.value()));
        }
    }

    /// `HKEYS key`: all fields.
    static Command hkeys(Words words) {
        return all(words, Member::name);
    }

    /// `HVALS key`: all values.
    static Command hvals(Words words) {
        return all(words, Member::value);
    }

    /// `HRANDFIELD key [count [WITHVALUES]]`: fields drawn at random.
    static Command hrandfield(Words words) {
        Draw draw = Draw.parse(words, "WITHVALUES", member -> Reply.bulk(member.value()));
        return keyspace -> {
            RedisHash hash = RedisHash.at(keyspace, draw.key());
            return draw.reply(hash.fields(), hash.count());
        };
    }

    /// `HSCAN key cursor [MATCH pattern] [COUNT count]`: some fields, and the cursor to go on with.
    static Command hscan(Words words) {
        Bytes key = words.key(0);
        long cursor = ScanCall.cursor(words.text(1));
        return keyspace -> {
            RedisHash hash = RedisHash.at(keyspace, key);
            return ScanCall.reply(
                    cursor,
                    words,
                    hash.exists() ? hash.form() : null,
                    hash.fields(),
                    (field, found) -> {
                        found.add(Reply.bulk(field.name()));
                        found.add(Reply.bulk(field.value()));
                    });
        };
    }

    private static Command all(Words words, Function<Member, Bytes> part) {
        Bytes key = words.key(0);
        return (ListingCommand)
                keyspace -> {
                    RedisHash hash = RedisHash.at(keyspace, key);
                    return Listing.of(
                            Shape.ARRAY,
                            hash::count,
                            visitor ->
                                    hash.fields()
                                            .visit(member ->
                                                    visitor.take(Reply.bulk(part.apply(member)))));
                };
    }

    private static Reply bulk(@Nullable Bytes value) {
        return value == null ? Reply.NULL : Reply.bulk(value);
    }
}
