package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `XGROUP ...`: makes consumer groups and consumers, and takes them away.
final class Groups {
    private static final String NO_KEY =
            "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want"
                    + " to use the MKSTREAM option to create an empty stream automatically.";
    private static final List<String> HELP =
            List.of(
                    "XGROUP <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                    "CREATE <key> <groupname> <id|$> [option]",
                    "    Create a new consumer group. Options are:",
                    "    * MKSTREAM",
                    "      Create the empty stream if it does not exist.",
                    "    * ENTRIESREAD entries_read",
                    "      Set the group's entries_read counter (internal use).",
                    "CREATECONSUMER <key> <groupname> <consumer>",
                    "    Create a new consumer in the specified group.",
                    "DELCONSUMER <key> <groupname> <consumer>",
                    "    Remove the specified consumer.",
                    "DESTROY <key> <groupname>",
                    "    Remove the specified group.",
                    "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
                    "    Set the current group ID and entries_read counter.",
                    "HELP",
                    "    Prints this help.");

    static final Syntax SYNTAX =
            Syntax.container(
                            "XGROUP",
                            List.of(
                                    sub("CREATE", -5, "insert", words -> parse(words, Form.CREATE))
                                            .flags(Flag.DENYOOM),
                                    sub("CREATECONSUMER", 5, "insert", Groups::parseCreateConsumer)
                                            .flags(Flag.DENYOOM),
                                    sub("DELCONSUMER", 5, "delete", Groups::parseDeleteConsumer),
                                    sub("DESTROY", 4, "delete", Groups::parseDestroy),
                                    Syntax.help(Group.STREAM, "5.0.0", HELP),
                                    sub("SETID", -5, "update", words -> parse(words, Form.SETID))))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "Depends on subcommand.",
                            "A container for consumer groups commands",
                            "");

    /// Which of the two subcommands with an id it is.
    private enum Form {
        CREATE,
        SETID
    }

    /// What CREATE and SETID are called with.
    ///
    /// @param id null for the present end of the stream
    private record Call(
            Bytes key, Bytes group, @Nullable StreamId id, long read, Missing missing) {}

    /// What becomes of a stream that does not exist.
    private enum Missing {
        REFUSED,
        MADE
    }

    private Groups() {}

    private static Syntax sub(String name, int arity, String effect, Parser parser) {
        String since = name.equals("CREATECONSUMER") ? "6.2.0" : "5.0.0";
        return Syntax.write(name, arity, parser)
                .keys(KeySpec.at(2, "RW", effect))
                .docs(Group.STREAM, since, "O(1)", "XGROUP " + name, "key group");
    }

    private static Command parse(Words words, Form form) {
        Missing missing = Missing.REFUSED;
        long read = RedisStream.UNKNOWN;
        for (Options options = words.options(3); options.more(); ) {
            Bytes option = options.bytes();
            boolean isCreate = form == Form.CREATE;
            if (isCreate && Numbers.isKeyword(option, "MKSTREAM")) missing = Missing.MADE;
            else if (Numbers.isKeyword(option, "ENTRIESREAD") && options.more()) {
                read = options.integer();
                if (read < RedisStream.UNKNOWN)
                    throw new RespError("ERR value for ENTRIESREAD must be positive or -1");
            } else
                throw new RespError(
                        "ERR unknown subcommand or wrong number of arguments for '"
                                + form
                                + "'. Try XGROUP HELP.");
        }
        Bytes id = words.bytes(2);
        boolean isEnd = Numbers.isKeyword(id, "$");
        Bytes key = words.key(0);
        Bytes group = words.bytes(1);
        long entriesRead = read;
        Missing whenMissing = missing;
        return keyspace -> {
            RedisStream stream = RedisStream.at(keyspace, key);
            if (!stream.exists() && whenMissing == Missing.REFUSED) throw new RespError(NO_KEY);
            ConsumerGroup old = stream.exists() ? ConsumerGroup.find(stream, group) : null;
            if (form == Form.SETID && old == null) throw noGroup(key, group);
            StreamId from = isEnd ? stream.last() : parse(id, form);
            var call = new Call(key, group, from, entriesRead, whenMissing);
            return form == Form.CREATE
                    ? create(keyspace, stream, old, call)
                    : set(keyspace, stream, old, call);
        };
    }

    // SETID alone takes `-` and `+` as well.
    private static StreamId parse(Bytes id, Form form) {
        return form == Form.SETID ? StreamId.parse(id, 0) : StreamId.parseStrictly(id, 0);
    }

    private static Reply create(
            Keyspace keyspace, RedisStream stream, @Nullable ConsumerGroup old, Call call) {
        if (old != null) throw new RespError("BUSYGROUP Consumer Group name already exists");
        StreamId from = call.id == null ? stream.last() : call.id;
        ConsumerGroup.make(stream, call.group, from, call.read);
        stream.save();
        keyspace.event(EventKind.STREAM, "xgroup-create", call.key);
        return Reply.OK;
    }

    private static Reply set(
            Keyspace keyspace, RedisStream stream, @Nullable ConsumerGroup group, Call call) {
        if (group == null) throw noGroup(call.key, call.group);
        group.deliveredTo(call.id == null ? stream.last() : call.id, call.read);
        group.save();
        stream.save();
        keyspace.event(EventKind.STREAM, "xgroup-setid", call.key);
        return Reply.OK;
    }

    private static Command parseDestroy(Words words) {
        Bytes key = words.key(0);
        Bytes name = words.bytes(1);
        return keyspace -> {
            RedisStream stream = existing(keyspace, key);
            ConsumerGroup group = ConsumerGroup.find(stream, name);
            if (group == null) return Reply.ZERO;
            group.destroy(stream);
            stream.save();
            keyspace.event(EventKind.STREAM, "xgroup-destroy", key);
            return Reply.ONE;
        };
    }

    private static Command parseCreateConsumer(Words words) {
        Bytes key = words.key(0);
        Bytes name = words.bytes(1);
        Bytes consumer = words.bytes(2);
        return keyspace -> {
            RedisStream stream = existing(keyspace, key);
            ConsumerGroup group = existing(stream, key, name);
            if (group.consumer(consumer) != null) return Reply.ZERO;
            group.put(new Consumer(consumer, keyspace.nowMillis(), 0));
            group.save();
            stream.save();
            keyspace.event(EventKind.STREAM, "xgroup-createconsumer", key);
            return Reply.ONE;
        };
    }

    private static Command parseDeleteConsumer(Words words) {
        Bytes key = words.key(0);
        Bytes name = words.bytes(1);
        Bytes consumer = words.bytes(2);
        return keyspace -> {
            RedisStream stream = existing(keyspace, key);
            ConsumerGroup group = existing(stream, key, name);
            Consumer found = group.consumer(consumer);
            if (found == null) return Reply.ZERO;
            long pending = group.remove(found);
            group.save();
            stream.save();
            keyspace.event(EventKind.STREAM, "xgroup-delconsumer", key);
            return Reply.integer(pending);
        };
    }

    private static RedisStream existing(Keyspace keyspace, Bytes key) {
        RedisStream stream = RedisStream.at(keyspace, key);
        if (!stream.exists()) throw new RespError(NO_KEY);
        return stream;
    }

    private static ConsumerGroup existing(RedisStream stream, Bytes key, Bytes name) {
        ConsumerGroup group = ConsumerGroup.find(stream, name);
        if (group == null) throw noGroup(key, name);
        return group;
    }

    /// The error of a group that does not exist.
    static RespError noGroup(Bytes key, Bytes group) {
        return new RespError(
                "NOGROUP No such consumer group '"
                        + RespError.quoted(group)
                        + "' for key name '"
                        + RespError.quoted(key)
                        + "'");
    }
}
