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
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.ArrayList;
import java.util.List;

/// `XTRIM`, `XDEL` and `XSETID`: what takes entries away, and what sets how far a stream has come.
final class Shorten {
    static final Syntax XTRIM =
            Syntax.write("XTRIM", -4, words -> trim(words.key(0), parse(words)))
                    .keys(KeySpec.one("RW", "delete"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(N), with N being the number of evicted entries.",
                            "Trims the stream to (approximately if '~' is passed) a certain size",
                            "key MAXLEN | MINID [= | ~] threshold [LIMIT count]");

    static final Syntax XDEL =
            Syntax.write("XDEL", -3, Shorten::parseDelete)
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RW", "delete"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(1) for each single item to delete in the stream.",
                            "Removes the specified entries from the stream",
                            "key id [id ...]");

    static final Syntax XSETID =
            Syntax.write("XSETID", -3, Shorten::parseSetId)
                    .flags(Flag.DENYOOM, Flag.FAST)
                    .keys(KeySpec.one("RW", "update"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(1)",
                            "An internal command for replicating stream values",
                            "key last-id [ENTRIESADDED entries-added]"
                                    + " [MAXDELETEDID max-deleted-id]");

    private Shorten() {}

    private static Trimming parse(Words words) {
        Trimming trimming = Trimming.parse(words, Trimming.Of.XTRIM);
        trimming.check(Trimming.Of.XTRIM);
        return trimming;
    }

    private static Command trim(Bytes key, Trimming trimming) {
        return keyspace -> {
            RedisStream stream = RedisStream.at(keyspace, key);
            long removed = stream.exists() ? trimming.apply(stream) : 0;
            if (removed == 0) return Reply.ZERO;
            stream.save();
            keyspace.event(EventKind.STREAM, "xtrim", key);
            return Reply.integer(removed);
        };
    }

    // The key is looked at before the ids are.
    private static Command parseDelete(Words words) {
        Bytes key = words.key(0);
        List<Bytes> names = words.keys(1);
        return keyspace -> {
            RedisStream stream = RedisStream.at(keyspace, key);
            if (!stream.exists()) return Reply.ZERO;
            List<StreamId> ids = new ArrayList<>();
            for (Bytes name : names) ids.add(StreamId.parseStrictly(name, 0));
            long deleted = ids.stream().filter(stream::delete).count();
            if (deleted == 0) return Reply.ZERO;
            stream.save();
            keyspace.event(EventKind.STREAM, "xdel", key);
            return Reply.integer(deleted);
        };
    }

    private static Command parseSetId(Words words) {
        Bytes key = words.key(0);
        StreamId id = StreamId.parseStrictly(words.bytes(1), 0);
        long added = RedisStream.UNKNOWN;
        StreamId deleted = StreamId.ZERO;
        for (Options options = words.options(2); options.more(); ) {
            String option = options.keyword();
            if (!options.more()) throw options.unexpected();
            switch (option) {
                case "ENTRIESADDED" -> {
                    added = Numbers.integer(options.bytes(), RespError.NOT_AN_INTEGER);
                    if (added < 0) throw new RespError("ERR entries_added must be positive");
                }
                case "MAXDELETEDID" -> {
                    deleted = StreamId.parseStrictly(options.bytes(), 0);
                    if (id.isBelow(deleted))
                        throw new RespError(
                                "ERR The ID specified in XSETID is smaller than the provided"
                                        + " max_deleted_entry_id");
                }
                default -> throw options.unexpected();
            }
        }
        return setId(key, id, added, deleted);
    }

    private static Command setId(Bytes key, StreamId id, long added, StreamId deleted) {
        return keyspace -> {
            RedisStream stream = RedisStream.at(keyspace, key);
            if (!stream.exists()) throw new RespError(RespError.NO_SUCH_KEY);
            if (0 < stream.count()) {
                if (id.isBelow(Entries.last(stream)))
                    throw new RespError(
                            "ERR The ID specified in XSETID is smaller than the target stream top"
                                    + " item");
                if (added != RedisStream.UNKNOWN && added < stream.count())
                    throw new RespError(
                            "ERR The entries_added specified in XSETID is smaller than the target"
                                    + " stream length");
            }
            stream.setLast(
                    id,
                    added == RedisStream.UNKNOWN ? stream.added() : added,
                    deleted.isZero() ? stream.greatestDeleted() : deleted);
            stream.save();
            keyspace.event(EventKind.STREAM, "xsetid", key);
            return Reply.OK;
        };
    }
}
