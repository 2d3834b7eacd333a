package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.signal.EventKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `LMOVE source destination LEFT | RIGHT LEFT | RIGHT` and its older form `RPOPLPUSH`: takes an
/// element from an end of one list to an end of another, which may be the same.
record Transfer(Bytes source, Bytes destination, End from, End to) implements Command {
    static final Syntax LMOVE =
            syntax("LMOVE", 5, Transfer::parse)
                    .docs(
                            Group.LIST,
                            "6.2.0",
                            "O(1)",
                            "Pop an element from a list, push it to another list and return it",
                            "source destination LEFT | RIGHT LEFT | RIGHT");

    static final Syntax RPOPLPUSH =
            syntax("RPOPLPUSH", 3, Transfer::parseOld)
                    .docs(
                            Group.LIST,
                            "1.2.0",
                            "O(1)",
                            "Remove the last element in a list, prepend it to another list and"
                                    + " return it",
                            "source destination");

    static final Syntax BLMOVE =
            syntax("BLMOVE", 6, words -> new Waiting(parse(words), millis(words, 4)))
                    .flags(Flag.NOSCRIPT, Flag.BLOCKING)
                    .docs(
                            Group.LIST,
                            "6.2.0",
                            "O(1)",
                            "Pop an element from a list, push it to another list and return it; or"
                                    + " block until one is available",
                            "source destination LEFT | RIGHT LEFT | RIGHT timeout");

    static final Syntax BRPOPLPUSH =
            syntax("BRPOPLPUSH", 4, words -> new Waiting(parseOld(words), millis(words, 2)))
                    .flags(Flag.NOSCRIPT, Flag.BLOCKING)
                    .docs(
                            Group.LIST,
                            "2.2.0",
                            "O(1)",
                            "Pop an element from a list, push it to another list and return it; or"
                                    + " block until one is available",
                            "source destination timeout");

    /// `BLMOVE` and `BRPOPLPUSH`: waits if the source has no element.
    record Waiting(Transfer transfer, long millis) implements WaitingCommand {
        @Override
        public @Nullable Reply attempt(Keyspace keyspace) {
            RedisList list = RedisList.at(keyspace, transfer.source);
            return list.exists() ? transfer.move(keyspace, list) : null;
        }

        @Override
        public @Nullable Reply serve(Keyspace keyspace, Bytes key) {
            Meta meta = keyspace.find(key);
            if (meta == null || meta.type() != KeyType.LIST) return null;
            return transfer.move(keyspace, RedisList.at(keyspace, key));
        }

        @Override
        public Patience patience() {
            return new Patience(List.of(transfer.source), millis);
        }

        @Override
        public Reply nothingAtOnce() {
            return Reply.NULL;
        }
    }

    private static Syntax syntax(String name, int arity, Parser parser) {
        return Syntax.write(name, arity, parser)
                .flags(Flag.DENYOOM)
                .keys(KeySpec.at(1, "RW", "access", "delete"), KeySpec.at(2, "RW", "insert"));
    }

    private static Transfer parse(Words words) {
        End from = End.of(words.bytes(2));
        return new Transfer(words.key(0), words.key(1), from, End.of(words.bytes(3)));
    }

    private static Transfer parseOld(Words words) {
        return new Transfer(words.key(0), words.key(1), End.TAIL, End.HEAD);
    }

    private static long millis(Words words, int at) {
        return WaitingCommand.timeoutMillis(words.bytes(at));
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisList list = RedisList.at(keyspace, source);
        return list.exists() ? move(keyspace, list) : Reply.NULL;
    }

    private Reply move(Keyspace keyspace, RedisList list) {
        Bytes element;
        if (source.equals(destination)) {
            element = list.rotate(from, to);
            list.save();
        } else {
            RedisList target = RedisList.at(keyspace, destination);
            element = list.pop(from, 1).getFirst();
            target.push(to, element);
            target.save();
            list.save();
        }
        keyspace.event(EventKind.LIST, to.pushed(), destination);
        keyspace.event(EventKind.LIST, from.popped(), source);
        if (!list.exists()) keyspace.event(EventKind.GENERIC, "del", source);
        return Reply.bulk(element);
    }
}
