package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.rdb.RdbPart;
import dev.holdfast.redis.rdb.StreamPoint;
import dev.holdfast.redis.resp.RespError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A stream in the making, from the parts of a snapshot. Belongs to one run: the parts of a large
/// stream come in several.
public final class LoadedStream {
    private final RedisStream stream;
    private final Map<Bytes, ConsumerGroup> groups = new LinkedHashMap<>();

    private LoadedStream(RedisStream stream) {
        this.stream = stream;
    }

    /// Adds `parts` to the stream at `key`, which need not exist. An error if they contradict each
    /// other.
    public static void add(Keyspace keyspace, Bytes key, List<RdbPart> parts) {
        var loaded = new LoadedStream(RedisStream.at(keyspace, key));
        for (RdbPart part : parts) loaded.add(part);
        loaded.groups.values().forEach(ConsumerGroup::save);
        loaded.stream.save();
    }

    private void add(RdbPart part) {
        boolean isRight =
                switch (part) {
                    case RdbPart.Entry entry -> add(entry);
                    case RdbPart.StreamState state -> set(state);
                    case RdbPart.Group group -> make(group);
                    case RdbPart.Pending pending -> pend(pending);
                    case RdbPart.Consumer consumer -> add(consumer);
                    case RdbPart.Owned owned -> own(owned);
                    case RdbPart.Piece _, RdbPart.Element _, RdbPart.Field _, RdbPart.Scored _ ->
                            false;
                };
        if (!isRight) throw new RespError(RespError.BAD_DATA);
    }

    private boolean add(RdbPart.Entry entry) {
        StreamId id = id(entry.id());
        if (!id.isAbove(stream.last())) return false;
        stream.add(id, entry.fields());
        return true;
    }

    private boolean set(RdbPart.StreamState state) {
        StreamId last = id(state.last());
        if (stream.last().isAbove(last)) return false;
        stream.setLast(last, state.added(), id(state.deleted()));
        return true;
    }

    private boolean make(RdbPart.Group group) {
        StreamId delivered = id(group.delivered());
        if (ConsumerGroup.find(stream, group.name()) != null) return false;
        long read = group.read() == null ? stream.addedUpTo(delivered) : group.read();
        groups.put(group.name(), ConsumerGroup.make(stream, group.name(), delivered, read));
        return true;
    }

    private boolean pend(RdbPart.Pending pending) {
        StreamId id = id(pending.id());
        return group(pending.group())
                .pend(
                        new Pending(
                                id, Bytes.EMPTY, pending.deliveredMillis(), pending.deliveries()));
    }

    private boolean add(RdbPart.Consumer consumer) {
        ConsumerGroup group = group(consumer.group());
        if (group.consumer(consumer.name()) != null) return false;
        group.put(new Consumer(consumer.name(), consumer.seenMillis(), 0));
        return true;
    }

    private boolean own(RdbPart.Owned owned) {
        ConsumerGroup group = group(owned.group());
        Consumer consumer = group.consumer(owned.consumer());
        return consumer != null && group.own(consumer, id(owned.id()));
    }

    private ConsumerGroup group(Bytes name) {
        ConsumerGroup known = groups.get(name);
        if (known != null) return known;
        ConsumerGroup found = ConsumerGroup.find(stream, name);
        if (found == null) throw new RespError(RespError.BAD_DATA);
        groups.put(name, found);
        return found;
    }

    private static StreamId id(StreamPoint point) {
        return new StreamId(point.millis(), point.sequence());
    }
}
