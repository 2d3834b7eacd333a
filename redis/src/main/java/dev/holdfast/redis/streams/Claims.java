package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// `XCLAIM` and `XAUTOCLAIM`: a consumer takes over what another has not said to be done with.
final class Claims {
    static final Syntax XCLAIM =
            Syntax.write("XCLAIM", -6, Claims::parse)
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RW", "update"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(log N) with N being the number of messages in the PEL of the"
                                    + " consumer group.",
                            "Changes (or acquires) ownership of a message in a consumer group, as"
                                    + " if the message was delivered to the specified consumer.",
                            "key group consumer min-idle-time id [id ...] [IDLE ms]"
                                    + " [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE]"
                                    + " [JUSTID] [LASTID id]");

    static final Syntax XAUTOCLAIM =
            Syntax.write("XAUTOCLAIM", -6, Claims::parseAuto)
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RW", "delete"))
                    .docs(
                            Group.STREAM,
                            "6.2.0",
                            "O(1) if COUNT is small.",
                            "Changes (or acquires) ownership of messages in a consumer group, as if"
                                    + " the messages were delivered to the specified consumer.",
                            "key group consumer min-idle-time start [COUNT count] [JUSTID]");

    private static final int LOOKS_PER_ENTRY = 10;

    private Claims() {}

    /// Who takes over, from which group, and how.
    private record Taking(
            Bytes key, Bytes group, Bytes consumer, long idleMillisMin, Marks marks) {}

    /// What is noted of an entry that changes hands.
    ///
    /// @param deliveries how many; -1 for one more
    private record Marks(long deliveredMillis, long deliveries, Answer answer) {}

    /// What is answered of an entry.
    private enum Answer {
        ENTRY,
        ID
    }

    /// What becomes of entries that are pending of nobody.
    private enum Unclaimed {
        LEFT,
        TAKEN
    }

    /// The options of XCLAIM.
    private static final class Found {
        private long idle = -1;
        private long time = -1;
        private long deliveries = -1;
        private Unclaimed unclaimed = Unclaimed.LEFT;
        private Answer answer = Answer.ENTRY;
        private StreamId last = StreamId.ZERO;
    }

    /// The error of a key or group that does not exist.
    static RespError noGroup(Bytes key, Bytes group) {
        return new RespError(
                "NOGROUP No such key '"
                        + RespError.quoted(key)
                        + "' or consumer group '"
                        + RespError.quoted(group)
                        + "'");
    }

    // The key is looked at before the other words are.
    private static Command parse(Words words) {
        Bytes key = words.key(0);
        Bytes name = words.bytes(1);
        return keyspace -> {
            RedisStream stream = RedisStream.at(keyspace.reading(), key);
            ConsumerGroup group = stream.exists() ? ConsumerGroup.find(stream, name) : null;
            if (group == null) throw noGroup(key, name);
            long idleMin = idleMin(words, "XCLAIM");
            List<StreamId> ids = new ArrayList<>();
            int at = 4;
            for (; at < words.count(); at++) {
                StreamId id = idOrNull(words.bytes(at));
                if (id == null) break;
                ids.add(id);
            }
            Found found = options(words, at);
            long now = keyspace.nowMillis();
            long time = found.idle != -1 ? now - found.idle : found.time;
            if (time < 0 || now < time) time = now;
            if (found.last.isAbove(group.delivered())) group.deliveredTo(found.last, group.read());
            var marks = new Marks(time, found.deliveries, found.answer);
            var taking = new Taking(key, name, words.bytes(2), idleMin, marks);
            var handover = new Handover(keyspace, stream, group, taking);
            List<Reply> replies = new ArrayList<>();
            for (StreamId id : ids) {
                Pending pending = group.pending(id);
                Reply reply = handover.take(id, pending, found.unclaimed);
                if (reply != null) replies.add(reply);
            }
            group.save();
            stream.save();
            return Reply.array(replies);
        };
    }

    private static @Nullable StreamId idOrNull(Bytes word) {
        try {
            return StreamId.parseStrictly(word, 0);
        } catch (RespError noId) {
            return null;
        }
    }

    private static long idleMin(Words words, String command) {
        String complaint = "ERR Invalid min-idle-time argument for " + command;
        return Math.max(0, Numbers.integer(words.bytes(3), complaint));
    }

    private static Found options(Words words, int at) {
        var found = new Found();
        for (Options options = words.options(at); options.more(); ) {
            Bytes option = options.bytes();
            if (Numbers.isKeyword(option, "FORCE")) found.unclaimed = Unclaimed.TAKEN;
            else if (Numbers.isKeyword(option, "JUSTID")) found.answer = Answer.ID;
            else if (Numbers.isKeyword(option, "IDLE") && options.more())
                found.idle = options.integer("ERR Invalid IDLE option argument for XCLAIM");
            else if (Numbers.isKeyword(option, "TIME") && options.more())
                found.time = options.integer("ERR Invalid TIME option argument for XCLAIM");
            else if (Numbers.isKeyword(option, "RETRYCOUNT") && options.more())
                found.deliveries =
                        options.integer("ERR Invalid RETRYCOUNT option argument for XCLAIM");
            else if (Numbers.isKeyword(option, "LASTID") && options.more())
                found.last = StreamId.parseStrictly(options.bytes(), 0);
            else
                throw new RespError(
                        "ERR Unrecognized XCLAIM option '" + RespError.quoted(option) + "'");
        }
        return found;
    }

    private static Command parseAuto(Words words) {
        Bytes key = words.key(0);
        Bytes name = words.bytes(1);
        long idleMin = idleMin(words, "XAUTOCLAIM");
        StreamId start = Entries.start(words.bytes(4));
        long count = 100;
        Answer answer = Answer.ENTRY;
        for (Options options = words.options(5); options.more(); ) {
            Bytes option = options.bytes();
            if (Numbers.isKeyword(option, "COUNT") && options.more()) {
                count = options.integer("ERR COUNT must be > 0");
                if (count < 1 || Long.MAX_VALUE / LOOKS_PER_ENTRY / 16 < count)
                    throw new RespError("ERR COUNT must be > 0");
            } else if (Numbers.isKeyword(option, "JUSTID")) answer = Answer.ID;
            else throw options.unexpected();
        }
        long most = count;
        Answer wanted = answer;
        return keyspace -> {
            RedisStream stream = RedisStream.at(keyspace.reading(), key);
            ConsumerGroup group = stream.exists() ? ConsumerGroup.find(stream, name) : null;
            if (group == null) throw noGroup(key, name);
            var marks = new Marks(keyspace.nowMillis(), -1, wanted);
            var taking = new Taking(key, name, words.bytes(2), idleMin, marks);
            return new Handover(keyspace, stream, group, taking).sweep(start, most);
        };
    }

    /// Entries that change hands in one run.
    private static final class Handover {
        private final Keyspace keyspace;
        private final RedisStream stream;
        private final ConsumerGroup group;
        private final Taking taking;

        Handover(Keyspace keyspace, RedisStream stream, ConsumerGroup group, Taking taking) {
            this.keyspace = keyspace;
            this.stream = stream;
            this.group = group;
            this.taking = taking;
        }

        /// Takes the entry of `id` over; null if that was not to be.
        @Nullable Reply take(StreamId id, @Nullable Pending pending, Unclaimed unclaimed) {
            Entry entry = stream.get(id);
            if (entry == null) {
                if (pending != null) group.remove(pending);
                return null;
            }
            if (pending == null && unclaimed == Unclaimed.LEFT) return null;
            if (pending != null && isTooFresh(pending)) return null;
            return take(entry, pending);
        }

        private boolean isTooFresh(Pending pending) {
            return keyspace.nowMillis() - pending.deliveredMillis() < taking.idleMillisMin;
        }

        private Reply take(Entry entry, @Nullable Pending pending) {
            Consumer consumer = group.consumer(taking.consumer);
            if (consumer == null)
                keyspace.event(EventKind.STREAM, "xgroup-createconsumer", taking.key);
            long now = keyspace.nowMillis();
            if (consumer == null) group.put(new Consumer(taking.consumer, now, 0));
            Marks marks = taking.marks;
            long deliveries = pending == null ? 1 : pending.deliveries();
            if (0 <= marks.deliveries) deliveries = marks.deliveries;
            else if (marks.answer == Answer.ENTRY) deliveries++;
            group.put(new Pending(entry.id(), taking.consumer, marks.deliveredMillis, deliveries));
            return marks.answer == Answer.ID ? entry.id().reply() : entry.reply();
        }

        /// Takes over up to `most` entries from `start` on, and tells where to go on.
        Reply sweep(StreamId start, long most) {
            var looks = new AtomicLong(most * LOOKS_PER_ENTRY);
            List<Reply> taken = new ArrayList<>();
            List<Reply> gone = new ArrayList<>();
            List<StreamId> next = new ArrayList<>();
            group.visit(
                    null,
                    start,
                    StreamId.MAX,
                    pending -> {
                        boolean isEnough =
                                looks.getAndDecrement() == 0 || most <= taken.size() + gone.size();
                        if (isEnough) {
                            next.add(pending.id());
                            return false;
                        }
                        Entry entry = stream.get(pending.id());
                        if (entry == null) {
                            group.remove(pending);
                            gone.add(pending.id().reply());
                        } else if (!isTooFresh(pending)) taken.add(take(entry, pending));
                        return true;
                    });
            group.save();
            stream.save();
            StreamId goOn = next.isEmpty() ? StreamId.ZERO : next.getFirst();
            return Reply.array(goOn.reply(), Reply.array(taken), Reply.array(gone));
        }
    }
}
