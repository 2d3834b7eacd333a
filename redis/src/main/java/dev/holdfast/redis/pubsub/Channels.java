package dev.holdfast.redis.pubsub;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.command.Outbox;
import dev.holdfast.redis.command.Outbox.Message;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Session.Subscriptions;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who has subscribed to what. Thread-safe.
///
/// Invariant: what a client is told comes in one order, confirmations included: between those of a
/// subscription and of its end it hears every message, outside of them none.
///
/// Under its monitor only memory is touched: nobody waits for a subscriber.
public final class Channels {
    private static final int SUBSCRIPTIONS_MAX = 1 << 20;
    private static final long MESSAGE_OVERHEAD = 128;

    private final Outbox.Limit slow;

    // guarded by this
    private final Map<Space, Map<Bytes, Topic>> topics = new EnumMap<>(Space.class);
    private final Map<Session, Map<Space, Set<Bytes>>> subscriptions = new LinkedHashMap<>();

    /// A name that somebody has subscribed to.
    private record Topic(@Nullable Glob pattern, Set<Session> audience) {}

    public Channels(Outbox.Limit slow) {
        this.slow = slow;
        for (Space space : Space.values()) topics.put(space, new LinkedHashMap<>());
    }

    /// Subscribes `session` to `name`, and tells it.
    synchronized void join(Session session, Space space, Bytes name) {
        Map<Space, Set<Bytes>> own =
                subscriptions.computeIfAbsent(session, _ -> new EnumMap<>(Space.class));
        Set<Bytes> names = own.computeIfAbsent(space, _ -> new LinkedHashSet<>());
        if (SUBSCRIPTIONS_MAX <= names.size()) throw new RespError("ERR too many subscriptions");
        if (names.add(name))
            topics.get(space)
                    .computeIfAbsent(
                            name, Space.PATTERN == space ? Channels::pattern : Channels::plain)
                    .audience
                    .add(session);
        note(session, own);
        session.onLeave("channels", () -> leave(session));
        confirm(session, space.joined(), Reply.bulk(name), counted(own, space));
    }

    /// Ends the subscriptions of `session` to `names`, or to all of the space if there are none,
    /// and tells it each.
    synchronized void part(Session session, Space space, List<Bytes> names) {
        Map<Space, Set<Bytes>> own = subscriptions.getOrDefault(session, Map.of());
        List<Bytes> ending =
                names.isEmpty() ? List.copyOf(own.getOrDefault(space, Set.of())) : names;
        for (Bytes name : ending) {
            remove(session, own, space, name);
            confirm(session, space.left(), Reply.bulk(name), counted(own, space));
        }
        if (ending.isEmpty()) confirm(session, space.left(), Reply.NULL, counted(own, space));
        note(session, own);
    }

    /// Ends all subscriptions of `session` without a word.
    synchronized void leave(Session session) {
        Map<Space, Set<Bytes>> own = subscriptions.getOrDefault(session, Map.of());
        for (Space space : Space.values())
            for (Bytes name : List.copyOf(own.getOrDefault(space, Set.of())))
                remove(session, own, space, name);
        subscriptions.remove(session);
        session.subscribed(new Subscriptions(0, 0, 0));
    }

    /// True if `session` has subscribed to nothing but what these allow.
    ///
    /// @param ofChannels of the names of channels
    /// @param ofPatterns of patterns
    public synchronized boolean areOnly(
            Session session, Predicate<Bytes> ofChannels, Predicate<Bytes> ofPatterns) {
        Map<Space, Set<Bytes>> own = subscriptions.getOrDefault(session, Map.of());
        for (Space space : Space.values()) {
            Predicate<Bytes> allowed = space == Space.PATTERN ? ofPatterns : ofChannels;
            if (!own.getOrDefault(space, Set.of()).stream().allMatch(allowed)) return false;
        }
        return true;
    }

    /// Tells `message` to all who have subscribed to `channel`, once `seq` is durable.
    synchronized void publish(Bytes channel, Bytes message, long seq) {
        Topic exact = topics.get(Space.CHANNEL).get(channel);
        if (exact != null) {
            Reply told =
                    Reply.push(
                            List.of(
                                    Reply.bulk(Space.CHANNEL.message()),
                                    Reply.bulk(channel),
                                    Reply.bulk(message)));
            tell(exact, told, seq, channel.length() + message.length());
        }
        topics.get(Space.PATTERN)
                .forEach((name, topic) -> {
                    Glob pattern = topic.pattern;
                    if (pattern == null || !pattern.matches(channel)) return;
                    Reply told =
                            Reply.push(
                                    List.of(
                                            Reply.bulk(Space.PATTERN.message()),
                                            Reply.bulk(name),
                                            Reply.bulk(channel),
                                            Reply.bulk(message)));
                    tell(topic, told, seq, name.length() + channel.length() + message.length());
                });
    }

    /// Tells `message` to all who have subscribed to the shard's `channel`.
    synchronized void publishInShard(Bytes channel, Bytes message, long seq) {
        Topic topic = topics.get(Space.SHARD).get(channel);
        if (topic == null) return;
        Reply told =
                Reply.push(
                        List.of(
                                Reply.bulk(Space.SHARD.message()),
                                Reply.bulk(channel),
                                Reply.bulk(message)));
        tell(topic, told, seq, channel.length() + message.length());
    }

    /// How many would hear a message on `channel`, patterns included.
    synchronized long listeners(Bytes channel) {
        long count = subscribers(Space.CHANNEL, channel);
        for (Topic topic : topics.get(Space.PATTERN).values())
            if (topic.pattern != null && topic.pattern.matches(channel))
                count += topic.audience.size();
        return count;
    }

    /// How many have subscribed to this very name.
    synchronized long subscribers(Space space, Bytes name) {
        Topic topic = topics.get(space).get(name);
        return topic == null ? 0 : topic.audience.size();
    }

    /// The names of a space that somebody has subscribed to.
    synchronized List<Bytes> names(Space space) {
        return new ArrayList<>(topics.get(space).keySet());
    }

    /// How many channels have subscribers.
    public synchronized int channelCount() {
        return topics.get(Space.CHANNEL).size();
    }

    /// How many patterns have subscribers.
    public synchronized int patternCount() {
        return topics.get(Space.PATTERN).size();
    }

    /// How many channels of shards have subscribers.
    public synchronized int shardChannelCount() {
        return topics.get(Space.SHARD).size();
    }

    private void remove(Session session, Map<Space, Set<Bytes>> own, Space space, Bytes name) {
        if (!own.getOrDefault(space, Set.of()).remove(name)) return;
        Topic topic = topics.get(space).get(name);
        if (topic == null) return;
        topic.audience.remove(session);
        if (topic.audience.isEmpty()) topics.get(space).remove(name);
    }

    private void tell(Topic topic, Reply told, long seq, long bytes) {
        var message = new Message(told, seq, bytes + MESSAGE_OVERHEAD);
        for (Session session : topic.audience) {
            long waiting = session.outbox().add(message);
            session.peer().wake();
            slow.check(session, waiting);
        }
    }

    private static void confirm(Session session, Bytes what, Reply name, long count) {
        Reply told = Reply.push(List.of(Reply.bulk(what), name, Reply.integer(count)));
        session.outbox().add(new Message(told, 0, MESSAGE_OVERHEAD));
    }

    // Those of a shard are counted apart.
    private static long counted(Map<Space, Set<Bytes>> own, Space space) {
        if (space == Space.SHARD) return size(own, Space.SHARD);
        return (long) size(own, Space.CHANNEL) + size(own, Space.PATTERN);
    }

    private static void note(Session session, Map<Space, Set<Bytes>> own) {
        session.subscribed(
                new Subscriptions(
                        size(own, Space.CHANNEL),
                        size(own, Space.PATTERN),
                        size(own, Space.SHARD)));
    }

    private static int size(Map<Space, Set<Bytes>> own, Space space) {
        return own.getOrDefault(space, Set.of()).size();
    }

    private static Topic plain(Bytes name) {
        return new Topic(null, new LinkedHashSet<>());
    }

    private static Topic pattern(Bytes name) {
        return new Topic(Glob.of(name), new LinkedHashSet<>());
    }
}
