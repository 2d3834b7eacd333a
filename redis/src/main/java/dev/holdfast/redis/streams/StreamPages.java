package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `XINFO ...`: what there is to say of a stream, its groups and their consumers.
///
/// There is no radix tree here: the figures of one are those that Redis would have for entries of
/// moderate size.
final class StreamPages {
    private static final int NODE_ENTRIES = 100;
    private static final long COUNT_DEFAULT = 10;
    private static final List<String> HELP =
            List.of(
                    "XINFO <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                    "CONSUMERS <key> <groupname>",
                    "    Show consumers of <groupname>.",
                    "GROUPS <key>",
                    "    Show the stream consumer groups.",
                    "STREAM <key> [FULL [COUNT <count>]",
                    "    Show information about the stream.",
                    "HELP",
                    "    Prints this help.");

    static final Syntax SYNTAX =
            Syntax.container(
                            "XINFO",
                            List.of(
                                    sub("CONSUMERS", 4, StreamPages::parseConsumers),
                                    sub("GROUPS", 3, StreamPages::parseGroups),
                                    Syntax.help(Group.STREAM, "5.0.0", HELP),
                                    sub("STREAM", -3, StreamPages::parseStream)))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "Depends on subcommand.",
                            "A container for stream introspection commands",
                            "");

    private StreamPages() {}

    private static Syntax sub(String name, int arity, Parser parser) {
        return Syntax.read(name, arity, parser)
                .keys(KeySpec.at(2, "RO", "access"))
                .docs(Group.STREAM, "5.0.0", "O(1)", "XINFO " + name, "key");
    }

    private static RedisStream existing(Keyspace keyspace, Bytes key) {
        RedisStream stream = RedisStream.at(keyspace, key);
        if (!stream.exists()) throw new RespError(RespError.NO_SUCH_KEY);
        return stream;
    }

    private static Command parseConsumers(Words words) {
        Bytes key = words.key(0);
        Bytes name = words.bytes(1);
        return keyspace -> {
            ConsumerGroup group = ConsumerGroup.find(existing(keyspace, key), name);
            if (group == null) throw Groups.noGroup(key, name);
            List<Reply> consumers = new ArrayList<>();
            for (Consumer consumer : group.allConsumers()) {
                long idle = Math.max(0, keyspace.nowMillis() - consumer.seenMillis());
                List<Reply> page = new ArrayList<>();
                add(page, "name", Reply.bulk(consumer.name()));
                add(page, "pending", Reply.integer(consumer.pending()));
                add(page, "idle", Reply.integer(idle));
                consumers.add(Reply.map(page));
            }
            return Reply.array(consumers);
        };
    }

    private static Command parseGroups(Words words) {
        Bytes key = words.key(0);
        return keyspace -> {
            RedisStream stream = existing(keyspace, key);
            List<Reply> groups = new ArrayList<>();
            for (ConsumerGroup group : ConsumerGroup.all(stream)) groups.add(brief(stream, group));
            return Reply.array(groups);
        };
    }

    private static Reply brief(RedisStream stream, ConsumerGroup group) {
        List<Reply> page = new ArrayList<>();
        add(page, "name", Reply.bulk(group.name()));
        add(page, "consumers", Reply.integer(group.consumers()));
        add(page, "pending", Reply.integer(group.pending()));
        add(page, "last-delivered-id", group.delivered().reply());
        add(page, "entries-read", known(group.read()));
        add(page, "lag", lag(stream, group));
        return Reply.map(page);
    }

    private static Reply known(long count) {
        return count == RedisStream.UNKNOWN ? Reply.NULL : Reply.integer(count);
    }

    private static Reply lag(RedisStream stream, ConsumerGroup group) {
        if (stream.added() == 0) return Reply.ZERO;
        boolean isExact =
                group.read() != RedisStream.UNKNOWN && !stream.hasGapsFrom(group.delivered());
        long read = isExact ? group.read() : stream.addedUpTo(group.delivered());
        return read == RedisStream.UNKNOWN ? Reply.NULL : Reply.integer(stream.added() - read);
    }

    private static Command parseStream(Words words) {
        Bytes key = words.key(0);
        if (words.count() == 1) return keyspace -> brief(existing(keyspace, key));
        // The key is looked at before the other words are.
        return keyspace -> {
            RedisStream stream = existing(keyspace, key);
            return full(stream, entriesMax(words.options(1)));
        };
    }

    private static long entriesMax(Options options) {
        if (!options.keyword().equals("FULL")) throw wrong();
        if (!options.more()) return COUNT_DEFAULT;
        if (!options.keyword().equals("COUNT") || options.left() != 1) throw wrong();
        long count = options.integer();
        return count < 0 ? COUNT_DEFAULT : count == 0 ? Long.MAX_VALUE : count;
    }

    private static RespError wrong() {
        return new RespError(
                "ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO"
                        + " HELP.");
    }

    private static Reply brief(RedisStream stream) {
        List<Reply> page = head(stream);
        add(page, "groups", Reply.integer(stream.groups()));
        add(page, "first-entry", entry(stream.outermost(Order.ASCENDING)));
        add(page, "last-entry", entry(stream.outermost(Order.DESCENDING)));
        return Reply.map(page);
    }

    private static Reply entry(@Nullable Entry entry) {
        return entry == null ? Reply.NULL : entry.reply();
    }

    private static List<Reply> head(RedisStream stream) {
        long nodes = (stream.count() + NODE_ENTRIES - 1) / NODE_ENTRIES;
        List<Reply> page = new ArrayList<>();
        add(page, "length", Reply.integer(stream.count()));
        add(page, "radix-tree-keys", Reply.integer(nodes));
        add(page, "radix-tree-nodes", Reply.integer(nodes + 1));
        add(page, "last-generated-id", stream.last().reply());
        add(page, "max-deleted-entry-id", stream.greatestDeleted().reply());
        add(page, "entries-added", Reply.integer(stream.added()));
        add(page, "recorded-first-entry-id", stream.first().reply());
        return page;
    }

    private static Reply full(RedisStream stream, long most) {
        List<Reply> page = head(stream);
        List<Entry> entries = stream.range(StreamId.ZERO, StreamId.MAX, Order.ASCENDING, most);
        add(page, "entries", Entries.replies(entries));
        List<Reply> groups = new ArrayList<>();
        for (ConsumerGroup group : ConsumerGroup.all(stream)) groups.add(full(stream, group, most));
        add(page, "groups", Reply.array(groups));
        return Reply.map(page);
    }

    private static Reply full(RedisStream stream, ConsumerGroup group, long most) {
        List<Reply> pending = new ArrayList<>();
        visit(
                group,
                null,
                most,
                each ->
                        pending.add(
                                Reply.array(
                                        each.id().reply(),
                                        Reply.bulk(each.consumer()),
                                        Reply.integer(each.deliveredMillis()),
                                        Reply.integer(each.deliveries()))));
        List<Reply> consumers = new ArrayList<>();
        for (Consumer consumer : group.allConsumers()) consumers.add(full(group, consumer, most));
        List<Reply> page = new ArrayList<>();
        add(page, "name", Reply.bulk(group.name()));
        add(page, "last-delivered-id", group.delivered().reply());
        add(page, "entries-read", known(group.read()));
        add(page, "lag", lag(stream, group));
        add(page, "pel-count", Reply.integer(group.pending()));
        add(page, "pending", Reply.array(pending));
        add(page, "consumers", Reply.array(consumers));
        return Reply.map(page);
    }

    private static Reply full(ConsumerGroup group, Consumer consumer, long most) {
        List<Reply> pending = new ArrayList<>();
        visit(
                group,
                consumer.name(),
                most,
                each ->
                        pending.add(
                                Reply.array(
                                        each.id().reply(),
                                        Reply.integer(each.deliveredMillis()),
                                        Reply.integer(each.deliveries()))));
        List<Reply> page = new ArrayList<>();
        add(page, "name", Reply.bulk(consumer.name()));
        add(page, "seen-time", Reply.integer(consumer.seenMillis()));
        add(page, "pel-count", Reply.integer(consumer.pending()));
        add(page, "pending", Reply.array(pending));
        return Reply.map(page);
    }

    private static void visit(
            ConsumerGroup group,
            @Nullable Bytes consumer,
            long most,
            java.util.function.Consumer<Pending> visitor) {
        long[] left = {most};
        group.visit(
                consumer,
                StreamId.ZERO,
                StreamId.MAX,
                pending -> {
                    if (left[0]-- == 0) return false;
                    visitor.accept(pending);
                    return true;
                });
    }

    private static void add(List<Reply> page, String name, Reply value) {
        page.add(Reply.bulk(name));
        page.add(value);
    }
}
