package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]`: the entries behind
/// an id of each stream; waits if there are none.
///
/// The ids are taken in when their keys have been looked at.
///
/// @param froms the ids behind which to read, once they are known; else null
record Read(List<Bytes> keys, @Nullable List<StreamId> froms, ReadOptions options)
        implements WaitingCommand {
    static final Syntax SYNTAX =
            Syntax.read("XREAD", -4, Read::parse)
                    .flags(Flag.BLOCKING)
                    .keys(KeySpec.afterWithIds("STREAMS", 1, "RO", "access"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "For each stream mentioned: O(N) with N being the number of elements"
                                    + " being returned.",
                            "Return never seen elements in multiple streams, with IDs greater than"
                                    + " the ones reported by the caller for each stream. Can"
                                    + " block.",
                            "[COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id"
                                    + " [id ...]");

    private static Read parse(Words words) {
        ReadOptions options = ReadOptions.parse(words, ReadOptions.Of.XREAD);
        return new Read(options.keys(), null, options);
    }

    // What comes from now on is what comes behind the present end.
    private static StreamId from(RedisStream stream, Bytes id) {
        if (Numbers.isKeyword(id, "$")) return stream.last();
        if (Numbers.isKeyword(id, ">"))
            throw new RespError(
                    "ERR The > ID can be specified only when calling XREADGROUP using the GROUP"
                            + " <group> <consumer> option.");
        return StreamId.parseStrictly(id, 0);
    }

    private List<StreamId> froms(Keyspace keyspace) {
        if (froms != null) return froms;
        List<StreamId> known = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++)
            known.add(from(RedisStream.at(keyspace, keys.get(i)), options.ids().get(i)));
        return known;
    }

    @Override
    public @Nullable Reply attempt(Keyspace keyspace) {
        List<StreamId> known = froms(keyspace);
        List<Reply> found = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            RedisStream stream = RedisStream.at(keyspace.reading(), keys.get(i));
            Reply entries = entries(stream, known.get(i));
            if (entries == null) continue;
            found.add(Reply.bulk(keys.get(i)));
            found.add(entries);
        }
        return found.isEmpty() ? null : Reply.dictionary(found);
    }

    @Override
    public @Nullable Reply serve(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        if (meta == null || meta.type() != KeyType.STREAM) return null;
        StreamId from = froms(keyspace).get(keys.indexOf(key));
        Reply entries = entries(RedisStream.at(keyspace, key), from);
        return entries == null ? null : Reply.dictionary(List.of(Reply.bulk(key), entries));
    }

    private @Nullable Reply entries(RedisStream stream, StreamId from) {
        if (stream.count() == 0 || !stream.last().isAbove(from)) return null;
        StreamId next = from.next();
        if (next == null) return null;
        List<Entry> found = stream.range(next, StreamId.MAX, Order.ASCENDING, options.count());
        return found.isEmpty() ? null : Entries.replies(found);
    }

    @Override
    public WaitingCommand later(Keyspace keyspace) {
        return new Read(keys, froms(keyspace), options);
    }

    @Override
    public @Nullable Patience patience() {
        return options.patience();
    }
}
