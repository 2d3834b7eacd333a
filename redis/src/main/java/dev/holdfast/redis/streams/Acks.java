package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `XACK` and `XPENDING`: being done with entries, and what nobody is done with yet.
final class Acks {
    static final Syntax XACK =
            Syntax.write("XACK", -4, Acks::parseAck)
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RW", "update"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(1) for each message ID processed.",
                            "Marks a pending message as correctly processed, effectively removing"
                                    + " it from the pending entries list of the consumer group.",
                            "key group id [id ...]");

    static final Syntax XPENDING =
            Syntax.read("XPENDING", -3, Acks::parsePending)
                    .keys(KeySpec.one("RO", "access"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(N) with N being the number of elements returned, so asking for a"
                                    + " small fixed number of entries per call is O(1).",
                            "Return information and entries from a stream consumer group pending"
                                    + " entries list",
                            "key group [[IDLE min-idle-time] start end count [consumer]]");

    private Acks() {}

    private static Command parseAck(Words words) {
        Bytes key = words.key(0);
        Bytes name = words.bytes(1);
        List<Bytes> ids = words.keys(2);
        return keyspace -> {
            RedisStream stream = RedisStream.at(keyspace.reading(), key);
            ConsumerGroup group = stream.exists() ? ConsumerGroup.find(stream, name) : null;
            if (group == null) return Reply.ZERO;
            List<StreamId> done = new ArrayList<>();
            for (Bytes id : ids) done.add(StreamId.parseStrictly(id, 0));
            return acknowledge(stream, group, done);
        };
    }

    private static Reply acknowledge(RedisStream stream, ConsumerGroup group, List<StreamId> done) {
        long found = 0;
        for (StreamId id : done) {
            Pending pending = group.pending(id);
            if (pending == null) continue;
            group.remove(pending);
            found++;
        }
        if (0 < found) {
            group.save();
            stream.save();
        }
        return Reply.integer(found);
    }

    /// What part of what is pending is asked for.
    private record Part(
            StreamId from, StreamId to, long count, long idleMillisMin, @Nullable Bytes consumer) {}

    private static Command parsePending(Words words) {
        Bytes key = words.key(0);
        Bytes name = words.bytes(1);
        Part part = words.count() == 2 ? null : part(words);
        return keyspace -> {
            RedisStream stream = RedisStream.at(keyspace.reading(), key);
            ConsumerGroup group = stream.exists() ? ConsumerGroup.find(stream, name) : null;
            if (group == null) throw Claims.noGroup(key, name);
            return part == null ? summary(group) : list(keyspace, group, part);
        };
    }

    private static Part part(Words words) {
        // As with Redis, up to eight words are taken, and what is too much among them is not read.
        if (words.count() < 5 || 8 < words.count()) throw new RespError(RespError.SYNTAX);
        int at = 2;
        long idle = 0;
        if (words.is(2, "IDLE")) {
            idle = Numbers.integer(words.bytes(3), RespError.NOT_AN_INTEGER);
            if (words.count() < 7) throw new RespError(RespError.SYNTAX);
            at = 4;
        }
        long count = words.integer(at + 2);
        StreamId from = Entries.start(words.bytes(at));
        StreamId to = Entries.end(words.bytes(at + 1));
        Bytes consumer = at + 3 < words.count() ? words.bytes(at + 3) : null;
        return new Part(from, to, Math.max(0, count), idle, consumer);
    }

    private static Reply summary(ConsumerGroup group) {
        List<Pending> first = new ArrayList<>();
        group.visit(null, StreamId.ZERO, StreamId.MAX, found -> !first.add(found));
        StreamId greatest = group.greatestPending();
        if (first.isEmpty() || greatest == null)
            return Reply.array(Reply.ZERO, Reply.NULL, Reply.NULL, Reply.NULL_ARRAY);
        List<Reply> consumers = new ArrayList<>();
        for (Consumer consumer : group.allConsumers()) {
            if (consumer.pending() == 0) continue;
            Reply count = Reply.bulk(Long.toString(consumer.pending()));
            consumers.add(Reply.array(Reply.bulk(consumer.name()), count));
        }
        return Reply.array(
                Reply.integer(group.pending()),
                first.getFirst().id().reply(),
                greatest.reply(),
                Reply.array(consumers));
    }

    private static Reply list(Keyspace keyspace, ConsumerGroup group, Part part) {
        long now = keyspace.nowMillis();
        List<Reply> found = new ArrayList<>();
        if (part.count == 0) return Reply.EMPTY_ARRAY;
        group.visit(
                part.consumer,
                part.from,
                part.to,
                pending -> {
                    long idle = pending.idleMillis(now);
                    if (part.idleMillisMin <= idle)
                        found.add(
                                Reply.array(
                                        pending.id().reply(),
                                        Reply.bulk(pending.consumer()),
                                        Reply.integer(idle),
                                        Reply.integer(pending.deliveries())));
                    return found.size() < part.count;
                });
        return Reply.array(found);
    }
}
