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
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.streams.ReadOptions.Acknowledgement;
import dev.holdfast.redis.streams.ReadOptions.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS key [key
/// ...] id [id ...]`: entries that no consumer of the group has had yet, or those that one has not
/// said to be done with.
///
/// The ids are taken in when their key and group have been found.
record ReadGroup(List<Bytes> keys, Reader reader, ReadOptions options) implements WaitingCommand {
    static final Syntax SYNTAX =
            Syntax.write("XREADGROUP", -7, ReadGroup::parse)
                    .flags(Flag.BLOCKING)
                    .keys(KeySpec.afterWithIds("STREAMS", 4, "RO", "access"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "For each stream mentioned: O(M) with M being the number of elements"
                                    + " returned.",
                            "Return new entries from a stream using a consumer group, or access"
                                    + " the history of the pending entries for a given consumer."
                                    + " Can block.",
                            "GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK]"
                                    + " STREAMS key [key ...] id [id ...]");

    private static ReadGroup parse(Words words) {
        ReadOptions options = ReadOptions.parse(words, ReadOptions.Of.XREADGROUP);
        Reader reader = options.group();
        if (reader == null) throw new RespError(RespError.SYNTAX);
        return new ReadGroup(options.keys(), reader, options);
    }

    // Null for entries that are new, else the id behind which to look at what is pending.
    private static @Nullable StreamId from(Bytes id) {
        if (Numbers.isKeyword(id, "$"))
            throw new RespError(
                    "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the"
                            + " history of this consumer by specifying a proper ID, or use the > ID"
                            + " to get new messages. The $ ID would just return an empty result"
                            + " set.");
        if (Numbers.isKeyword(id, ">")) return null;
        // The last id of all is Redis's own word for entries that are new.
        StreamId from = StreamId.parseStrictly(id, 0);
        return from.equals(StreamId.MAX) ? null : from;
    }

    @Override
    public @Nullable Reply attempt(Keyspace keyspace) {
        List<@Nullable StreamId> froms = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            group(keyspace, keys.get(i));
            froms.add(from(options.ids().get(i)));
        }
        List<Reply> found = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Reply entries = read(keyspace, keys.get(i), froms.get(i));
            if (entries == null) continue;
            found.add(Reply.bulk(keys.get(i)));
            found.add(entries);
        }
        return found.isEmpty() ? null : Reply.dictionary(found);
    }

    private ConsumerGroup group(Keyspace keyspace, Bytes key) {
        RedisStream stream = RedisStream.at(keyspace, key);
        ConsumerGroup group = stream.exists() ? ConsumerGroup.find(stream, reader.group()) : null;
        if (group == null)
            throw new RespError(
                    "NOGROUP No such key '"
                            + RespError.quoted(key)
                            + "' or consumer group '"
                            + RespError.quoted(reader.group())
                            + "' in XREADGROUP with GROUP option");
        return group;
    }

    @Override
    public @Nullable Reply serve(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        if (meta == null) throw new RespError("UNBLOCKED the stream key no longer exists");
        if (meta.type() != KeyType.STREAM) throw new RespError(RespError.WRONG_TYPE);
        if (ConsumerGroup.find(RedisStream.at(keyspace, key), reader.group()) == null)
            throw new RespError(
                    "NOGROUP the consumer group this client was blocked on no longer exists");
        Reply entries = read(keyspace, key, null);
        return entries == null ? null : Reply.dictionary(List.of(Reply.bulk(key), entries));
    }

    private @Nullable Reply read(Keyspace keyspace, Bytes key, @Nullable StreamId from) {
        RedisStream stream = RedisStream.at(keyspace, key);
        ConsumerGroup group = group(keyspace, key);
        boolean hasNews = hasNews(stream, group);
        if (from == null && !hasNews) return null;
        long now = keyspace.nowMillis();
        Consumer old = group.consumer(reader.consumer());
        if (old == null) keyspace.event(EventKind.STREAM, "xgroup-createconsumer", key);
        group.put(old == null ? new Consumer(reader.consumer(), now, 0) : old.seenAt(now));
        Reply reply = null;
        if (from != null) reply = history(stream, group, from, now);
        else if (hasNews) reply = news(stream, group, now);
        group.save();
        stream.save();
        return reply;
    }

    // The last id need not be that of an entry: XSETID moves it, and XDEL leaves it.
    private static boolean hasNews(RedisStream stream, ConsumerGroup group) {
        boolean isBehind = 0 < stream.count() && stream.last().isAbove(group.delivered());
        return isBehind && Entries.last(stream).isAbove(group.delivered());
    }

    private @Nullable Reply news(RedisStream stream, ConsumerGroup group, long now) {
        StreamId next = group.delivered().next();
        if (next == null) return null;
        List<Entry> found = stream.range(next, StreamId.MAX, Order.ASCENDING, options.count());
        for (Entry entry : found) {
            long read = group.read();
            boolean isExact = read != RedisStream.UNKNOWN && !stream.hasGapsFrom(entry.id());
            if (isExact) read++;
            else if (0 < stream.added()) read = stream.addedUpTo(entry.id());
            group.deliveredTo(entry.id(), read);
            if (reader.acknowledgement() == Acknowledgement.GIVEN)
                group.put(new Pending(entry.id(), reader.consumer(), now, 1));
        }
        return found.isEmpty() ? null : Entries.replies(found);
    }

    private Reply history(RedisStream stream, ConsumerGroup group, StreamId from, long now) {
        List<Reply> replies = new ArrayList<>();
        StreamId next = from.next();
        if (next == null) return Reply.EMPTY_ARRAY;
        for (StreamId id : group.owned(reader.consumer(), next, StreamId.MAX, options.count())) {
            Entry entry = stream.get(id);
            Pending pending = group.pending(id);
            if (entry == null) {
                replies.add(Reply.array(id.reply(), Reply.NULL_ARRAY));
                continue;
            }
            if (pending != null) group.put(pending.deliveredAgain(now));
            replies.add(entry.reply());
        }
        return Reply.array(replies);
    }

    @Override
    public @Nullable Patience patience() {
        return options.patience();
    }
}
