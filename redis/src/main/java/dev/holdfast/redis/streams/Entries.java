package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.ListingCommand;
import dev.holdfast.redis.listing.Shape;
import dev.holdfast.redis.resp.RespError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `XRANGE key start end [COUNT count]`, `XREVRANGE` and `XLEN`: what is in a stream.
///
/// @param count how many at most; [#ALL] for as many as there are
record Entries(Bytes key, StreamId from, StreamId to, Order order, long count)
        implements ListingCommand {
    static final Syntax XRANGE =
            syntax("XRANGE", Order.ASCENDING, "key start end [COUNT count]")
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(N) with N being the number of elements being returned.",
                            "Return a range of elements in a stream, with IDs matching the"
                                    + " specified IDs interval",
                            "key start end [COUNT count]");

    static final Syntax XREVRANGE =
            syntax("XREVRANGE", Order.DESCENDING, "key end start [COUNT count]")
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(N) with N being the number of elements returned.",
                            "Return a range of elements in a stream, with IDs matching the"
                                    + " specified IDs interval, in reverse order",
                            "key end start [COUNT count]");

    static final Syntax XLEN =
            Syntax.read("XLEN", 2, words -> length(words.key(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RO"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(1)",
                            "Return the number of entries in a stream",
                            "key");

    private static final long ALL = -1;

    private static Syntax syntax(String name, Order order, String usage) {
        return Syntax.read(name, -4, words -> parse(words, order))
                .keys(KeySpec.one("RO", "access"));
    }

    private static Command length(Bytes key) {
        return keyspace -> Reply.integer(RedisStream.at(keyspace, key).count());
    }

    private static Entries parse(Words words, Order order) {
        boolean isUp = order == Order.ASCENDING;
        StreamId from = start(words.bytes(isUp ? 1 : 2));
        StreamId to = end(words.bytes(isUp ? 2 : 1));
        long count = ALL;
        for (Options options = words.options(3); options.more(); ) {
            if (!options.keyword().equals("COUNT") || !options.more()) throw options.unexpected();
            count = Math.max(0, options.integer());
        }
        return new Entries(words.key(0), from, to, order, count);
    }

    /// The first id of a range that begins as `word` says; an error if there is none.
    static StreamId start(Bytes word) {
        if (!isOpen(word)) return StreamId.parse(word, 0);
        StreamId next = StreamId.parseStrictly(word.slice(1, word.length()), 0).next();
        if (next == null) throw new RespError("ERR invalid start ID for the interval");
        return next;
    }

    /// The last id of a range that ends as `word` says; an error if there is none.
    static StreamId end(Bytes word) {
        if (!isOpen(word)) return StreamId.parse(word, -1);
        StreamId previous = StreamId.parseStrictly(word.slice(1, word.length()), -1).previous();
        if (previous == null) throw new RespError("ERR invalid end ID for the interval");
        return previous;
    }

    private static boolean isOpen(Bytes word) {
        return 1 < word.length() && word.at(0) == '(';
    }

    @Override
    public Listing list(Keyspace keyspace) {
        RedisStream stream = RedisStream.at(keyspace, key);
        if (!stream.exists()) return Listing.instead(Reply.EMPTY_ARRAY);
        if (count == 0) return Listing.instead(Reply.NULL_ARRAY);
        boolean isAll = count == ALL && !from.isAbove(stream.first()) && !to.isBelow(stream.last());
        Listing.Walk walk = visitor -> visit(stream, visitor);
        return isAll
                ? Listing.of(Shape.ARRAY, stream::count, walk)
                : Listing.uncounted(Shape.ARRAY, walk);
    }

    private void visit(RedisStream stream, Listing.Visitor visitor) {
        long[] left = {count == ALL ? Long.MAX_VALUE : count};
        stream.visit(from, to, order, entry -> visitor.take(entry.reply()) && 0 < --left[0]);
    }

    /// Entries as they are answered.
    static Reply replies(List<Entry> entries) {
        return Reply.array(entries.stream().map(Entry::reply).toList());
    }

    /// The id of the last entry that is there; zero if there is none.
    static StreamId last(RedisStream stream) {
        @Nullable Entry last = stream.outermost(Order.DESCENDING);
        return last == null ? StreamId.ZERO : last.id();
    }
}
