package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.rdb.RdbOutput;
import dev.holdfast.redis.rdb.RdbPart;
import dev.holdfast.redis.rdb.StreamPoint;
import dev.holdfast.redis.rdb.StreamWriter;

/// A stream on its way into a snapshot, which never holds more of it than a block of entries, the
/// heads of its groups, and the names of one group's consumers.
public final class SavedStream {
    private final RedisStream stream;
    private final StreamWriter writer;

    private SavedStream(RedisStream stream, StreamWriter writer) {
        this.stream = stream;
        this.writer = writer;
    }

    /// Writes the stream at `key`, in the form [StreamWriter#TYPE].
    public static void write(Keyspace keyspace, Bytes key, RdbOutput out) {
        new SavedStream(RedisStream.at(keyspace, key), new StreamWriter(out)).write();
    }

    private void write() {
        writer.entries(visitor ->
                stream.visit(
                        StreamId.ZERO,
                        StreamId.MAX,
                        Order.ASCENDING,
                        entry -> {
                            visitor.accept(new RdbPart.Entry(point(entry.id()), entry.fields()));
                            return true;
                        }));
        var state =
                new RdbPart.StreamState(
                        point(stream.last()), point(stream.greatestDeleted()), stream.added());
        writer.state(
                state,
                point(stream.first()),
                new StreamWriter.Counts(stream.count(), stream.groups()));
        for (ConsumerGroup group : ConsumerGroup.all(stream)) write(group);
    }

    private void write(ConsumerGroup group) {
        writer.group(group.name(), point(group.delivered()), group.read(), group.pending());
        group.visit(
                null,
                StreamId.ZERO,
                StreamId.MAX,
                each -> {
                    writer.pending(point(each.id()), each.deliveredMillis(), each.deliveries());
                    return true;
                });
        writer.consumers(group.consumers());
        for (Consumer consumer : group.allConsumers()) {
            writer.consumer(consumer.name(), consumer.seenMillis(), consumer.pending());
            group.visit(
                    consumer.name(),
                    StreamId.ZERO,
                    StreamId.MAX,
                    each -> {
                        writer.owned(point(each.id()));
                        return true;
                    });
        }
    }

    private static StreamPoint point(StreamId id) {
        return new StreamPoint(id.millis(), id.sequence());
    }
}
