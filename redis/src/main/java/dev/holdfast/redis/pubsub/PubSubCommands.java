package dev.holdfast.redis.pubsub;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import java.util.ArrayList;
import java.util.List;

/// The commands with which clients send messages to clients.
public final class PubSubCommands {
    private static final List<String> HELP =
            List.of(
                    "PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                    "CHANNELS [<pattern>]",
                    "    Return the currently active channels matching a <pattern> (default: '*').",
                    "NUMPAT",
                    "    Return number of subscriptions to patterns.",
                    "NUMSUB [<channel> ...]",
                    "    Return the number of subscribers for the specified channels, excluding",
                    "    pattern subscriptions(default: no channels).",
                    "SHARDCHANNELS [<pattern>]",
                    "    Return the currently active shard level channels matching a <pattern>"
                            + " (default: '*').",
                    "SHARDNUMSUB [<shardchannel> ...]",
                    "    Return the number of subscribers for the specified shard level channel(s)",
                    "HELP",
                    "    Prints this help.");

    private final Channels channels;

    public PubSubCommands(Channels channels) {
        this.channels = channels;
    }

    /// The commands, in the order of the manual.
    public List<Syntax> all() {
        return List.of(
                join(Space.PATTERN, "2.0.0", "Listen for messages published to channels matching"),
                publish(),
                pubsub(),
                part(Space.PATTERN, "2.0.0"),
                publishInShard(),
                join(Space.SHARD, "7.0.0", "Listen for messages published to the given shard"),
                join(Space.CHANNEL, "2.0.0", "Listen for messages published to the given"),
                part(Space.SHARD, "7.0.0"),
                part(Space.CHANNEL, "2.0.0"));
    }

    private Syntax join(Space space, String since, String summary) {
        Syntax syntax =
                Syntax.session(
                                space.joinName(),
                                -2,
                                words -> {
                                    List<Bytes> names = copies(words.keys(0));
                                    return (SessionCommand)
                                            session -> {
                                                for (Bytes name : names)
                                                    channels.join(session, space, name);
                                                return Reply.NONE;
                                            };
                                })
                        .flags(Flag.PUBSUB, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.NO_MULTI)
                        .docs(
                                Group.PUBSUB,
                                since,
                                "O(N) where N is the number of channels to subscribe to.",
                                summary + " channels",
                                space == Space.PATTERN
                                        ? "pattern [pattern ...]"
                                        : "channel [channel ...]")
                        .channels(
                                space == Space.PATTERN
                                        ? Syntax.Channels.ALL_PATTERNS
                                        : Syntax.Channels.ALL);
        return space == Space.SHARD ? syntax.keys(KeySpec.all("not_key")) : syntax;
    }

    private Syntax part(Space space, String since) {
        Syntax syntax =
                Syntax.session(
                                space.leaveName(),
                                -1,
                                words -> {
                                    List<Bytes> names = words.keys(0);
                                    return (SessionCommand)
                                            session -> {
                                                channels.part(session, space, names);
                                                return Reply.NONE;
                                            };
                                })
                        .flags(Flag.PUBSUB, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.NO_MULTI)
                        .docs(
                                Group.PUBSUB,
                                since,
                                "O(N) where N is the number of clients already subscribed to a"
                                        + " channel.",
                                "Stop listening for messages posted to the given channels",
                                space == Space.PATTERN
                                        ? "[pattern [pattern ...]]"
                                        : "[channel [channel ...]]");
        return space == Space.SHARD ? syntax.keys(KeySpec.all("not_key")) : syntax;
    }

    private Syntax publish() {
        return Syntax.session(
                        "PUBLISH",
                        3,
                        words -> publish(words.bytes(0), words.bytes(1), Space.CHANNEL))
                .flags(Flag.PUBSUB, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.MAY_REPLICATE)
                .channels(Syntax.Channels.FIRST)
                .docs(
                        Group.PUBSUB,
                        "2.0.0",
                        "O(N+M) where N is the number of clients subscribed to the receiving"
                                + " channel and M is the total number of subscribed patterns (by"
                                + " any client).",
                        "Post a message to a channel",
                        "channel message");
    }

    private Syntax publishInShard() {
        return Syntax.session(
                        "SPUBLISH",
                        3,
                        words -> publish(words.bytes(0), words.bytes(1), Space.SHARD))
                .flags(Flag.PUBSUB, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.MAY_REPLICATE)
                .keys(KeySpec.one("not_key"))
                .channels(Syntax.Channels.FIRST)
                .docs(
                        Group.PUBSUB,
                        "7.0.0",
                        "O(N) where N is the number of clients subscribed to the receiving shard"
                                + " channel.",
                        "Post a message to a shard channel",
                        "shardchannel message");
    }

    // The message goes out with what else the run commits, and never before it.
    private Command publish(Bytes channel, Bytes message, Space space) {
        Bytes name = Bytes.wrap(channel.toArray());
        Bytes text = Bytes.wrap(message.toArray());
        return keyspace -> {
            if (space == Space.SHARD) {
                keyspace.afterwards(seq -> channels.publishInShard(name, text, seq));
                return Reply.integer(channels.subscribers(Space.SHARD, name));
            }
            keyspace.afterwards(seq -> channels.publish(name, text, seq));
            return Reply.integer(channels.listeners(name));
        };
    }

    private Syntax pubsub() {
        return Syntax.container(
                        "PUBSUB",
                        List.of(
                                sub("CHANNELS", "2.8.0", -2, words -> names(Space.CHANNEL, words)),
                                Syntax.help(Group.SERVER, "6.2.0", HELP),
                                sub("NUMPAT", "2.8.0", 2, _ -> (SessionCommand) _ -> patterns()),
                                sub("NUMSUB", "2.8.0", -2, words -> counts(Space.CHANNEL, words)),
                                sub(
                                        "SHARDCHANNELS",
                                        "7.0.0",
                                        -2,
                                        words -> names(Space.SHARD, words)),
                                sub(
                                        "SHARDNUMSUB",
                                        "7.0.0",
                                        -2,
                                        words -> counts(Space.SHARD, words))))
                .docs(
                        Group.PUBSUB,
                        "2.8.0",
                        "Depends on subcommand.",
                        "A container for Pub/Sub commands",
                        "");
    }

    private static Syntax sub(String name, String since, int arity, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.PUBSUB, Flag.LOADING, Flag.STALE)
                .docs(Group.PUBSUB, since, "O(N)", "PUBSUB " + name, "");
    }

    private Reply patterns() {
        return Reply.integer(channels.patternCount());
    }

    private SessionCommand names(Space space, Words words) {
        Glob pattern = words.count() == 0 ? null : Glob.of(words.bytes(0));
        return _ ->
                Reply.array(
                        channels.names(space).stream()
                                .filter(name -> pattern == null || pattern.matches(name))
                                .map(Reply::bulk)
                                .toList());
    }

    private SessionCommand counts(Space space, Words words) {
        List<Bytes> names = words.keys(0);
        return _ -> {
            List<Reply> found = new ArrayList<>();
            for (Bytes name : names) {
                found.add(Reply.bulk(name));
                found.add(Reply.integer(channels.subscribers(space, name)));
            }
            return Reply.array(found);
        };
    }

    private static List<Bytes> copies(List<Bytes> names) {
        return names.stream().map(name -> Bytes.wrap(name.toArray())).toList();
    }
}
