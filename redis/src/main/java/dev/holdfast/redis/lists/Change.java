package dev.holdfast.redis.lists;

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
import dev.holdfast.redis.signal.EventKind;
import java.util.ArrayList;
import java.util.List;

/// `LSET`, `LINSERT`, `LREM` and `LTRIM`: changes inside of a list.
final class Change {
    static final Syntax LSET =
            Syntax.write("LSET", 4, words -> set(words.key(0), words.bytes(1), words.bytes(2)))
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.one("RW", "update"))
                    .docs(
                            Group.LIST,
                            "1.0.0",
                            "O(N) where N is the length of the list. Setting either the first or"
                                    + " the last element of the list is O(1).",
                            "Set the value of an element in a list by its index",
                            "key index element");

    static final Syntax LINSERT =
            Syntax.write("LINSERT", 5, Change::parseInsert)
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.one("RW", "insert"))
                    .docs(
                            Group.LIST,
                            "2.2.0",
                            "O(N) where N is the number of elements to traverse before seeing the"
                                    + " value pivot.",
                            "Insert an element before or after another element in a list",
                            "key BEFORE | AFTER pivot element");

    static final Syntax LREM =
            Syntax.write("LREM", 4, words -> remove(words.key(0), words.integer(1), words.bytes(2)))
                    .keys(KeySpec.one("RW", "delete"))
                    .docs(
                            Group.LIST,
                            "1.0.0",
                            "O(N+M) where N is the length of the list and M is the number of"
                                    + " elements removed.",
                            "Remove elements from a list",
                            "key count element");

    static final Syntax LTRIM =
            Syntax.write(
                            "LTRIM",
                            4,
                            words -> trim(words.key(0), words.integer(1), words.integer(2)))
                    .keys(KeySpec.one("RW", "delete"))
                    .docs(
                            Group.LIST,
                            "1.0.0",
                            "O(N) where N is the number of elements to be removed by the"
                                    + " operation.",
                            "Trim a list to the specified range",
                            "key start stop");

    private Change() {}

    // The key is looked at before the index is.
    private static Command set(Bytes key, Bytes index, Bytes element) {
        return keyspace -> {
            RedisList list = RedisList.at(keyspace, key);
            if (!list.exists()) throw new RespError(RespError.NO_SUCH_KEY);
            long place = Numbers.integer(index, RespError.NOT_AN_INTEGER);
            RedisList.Element old = list.find(place);
            if (old == null) throw new RespError("ERR index out of range");
            list.set(old.position(), element);
            list.save();
            keyspace.event(EventKind.LIST, "lset", key);
            return Reply.OK;
        };
    }

    private static Command parseInsert(Words words) {
        boolean isBefore = words.is(1, "BEFORE");
        if (!isBefore && !words.is(1, "AFTER")) throw new RespError(RespError.SYNTAX);
        End side = isBefore ? End.HEAD : End.TAIL;
        Bytes key = words.key(0);
        Bytes pivot = words.bytes(2);
        Bytes element = words.bytes(3);
        return keyspace -> insert(keyspace, key, side, pivot, element);
    }

    private static Reply insert(
            Keyspace keyspace, Bytes key, End side, Bytes pivot, Bytes element) {
        RedisList list = RedisList.at(keyspace, key);
        if (!list.exists()) return Reply.ZERO;
        try (RedisList.Walk walk = list.walk(End.HEAD)) {
            while (walk.next()) {
                if (!walk.value().equals(pivot)) continue;
                list.insert(walk.position(), side, element);
                list.save();
                keyspace.event(EventKind.LIST, "linsert", key);
                return Reply.integer(list.count());
            }
        }
        return Reply.integer(-1);
    }

    private static Command remove(Bytes key, long count, Bytes element) {
        return keyspace -> {
            RedisList list = RedisList.at(keyspace, key);
            long most = count == 0 || count == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(count);
            List<Long> places = new ArrayList<>();
            try (RedisList.Walk walk = list.walk(count < 0 ? End.TAIL : End.HEAD)) {
                while (places.size() < most && walk.next())
                    if (walk.value().equals(element)) places.add(walk.position());
            }
            if (places.isEmpty()) return Reply.ZERO;
            list.remove(places);
            list.save();
            keyspace.event(EventKind.LIST, "lrem", key);
            if (!list.exists()) keyspace.event(EventKind.GENERIC, "del", key);
            return Reply.integer(places.size());
        };
    }

    private static Command trim(Bytes key, long start, long stop) {
        return keyspace -> {
            RedisList list = RedisList.at(keyspace, key);
            if (!list.exists()) return Reply.OK;
            long first = Math.max(0, RedisList.inside(start, list.count()));
            long end = Math.min(list.count() - 1, RedisList.inside(stop, list.count())) + 1;
            if (end <= first) list.clear();
            else list.trim(first, end);
            list.save();
            keyspace.event(EventKind.LIST, "ltrim", key);
            if (!list.exists()) keyspace.event(EventKind.GENERIC, "del", key);
            return Reply.OK;
        };
    }
}
