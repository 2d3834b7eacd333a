package dev.holdfast.redis.transfer;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.lists.End;
import dev.holdfast.redis.lists.RedisList;
import dev.holdfast.redis.rdb.RdbKind;
import dev.holdfast.redis.rdb.RdbPart;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.streams.LoadedStream;
import dev.holdfast.redis.values.RedisHash;
import dev.holdfast.redis.values.RedisSet;
import dev.holdfast.redis.values.RedisZset;
import java.util.List;

/// A value in the making at one key, from the parts of a snapshot, which may come in several runs.
/// It is made as commands would make it, and is whole and readable between two runs, only short.
///
/// @param kind of the value; not that of a module
public record LoadedValue(Bytes key, RdbKind kind) {
    /// Adds `parts`, the first of which find no value at the key. An error if they contradict each
    /// other, or if one is larger than can be kept.
    public void add(Keyspace keyspace, List<RdbPart> parts) {
        switch (kind) {
            case STRING -> append(keyspace, parts);
            case LIST -> push(keyspace, parts);
            case SET -> addMembers(keyspace, parts);
            case ZSET -> addScored(keyspace, parts);
            case HASH -> putFields(keyspace, parts);
            case STREAM -> LoadedStream.add(keyspace, key, parts);
            case MODULE -> throw new AssertionError("value of a module. key=`" + key + "`");
        }
    }

    private void append(Keyspace keyspace, List<RdbPart> parts) {
        RedisString string = keyspace.stringAt(key);
        for (RdbPart part : parts) {
            Bytes bytes = ((RdbPart.Piece) part).bytes();
            if (string.exists()) string.append(bytes);
            else string.set(bytes, StringForm.PLAIN, Meta.NO_EXPIRY);
        }
    }

    private void push(Keyspace keyspace, List<RdbPart> parts) {
        RedisList list = RedisList.at(keyspace, key);
        for (RdbPart part : parts) list.push(End.TAIL, ((RdbPart.Element) part).value());
        list.save();
    }

    private void addMembers(Keyspace keyspace, List<RdbPart> parts) {
        RedisSet set = RedisSet.at(keyspace, key);
        for (RdbPart part : parts) require(set.add(((RdbPart.Element) part).value()));
        set.save();
    }

    private void addScored(Keyspace keyspace, List<RdbPart> parts) {
        RedisZset zset = RedisZset.at(keyspace, key);
        int longest = 0;
        for (RdbPart part : parts)
            longest = Math.max(longest, ((RdbPart.Scored) part).member().length());
        zset.expect(parts.size(), longest);
        for (RdbPart part : parts) {
            var scored = (RdbPart.Scored) part;
            require(zset.score(scored.member()) == null);
            zset.put(scored.member(), scored.score());
        }
        zset.save();
    }

    private void putFields(Keyspace keyspace, List<RdbPart> parts) {
        RedisHash hash = RedisHash.at(keyspace, key);
        for (RdbPart part : parts) {
            var field = (RdbPart.Field) part;
            require(hash.put(field.name(), field.value()));
        }
        hash.save();
    }

    // What is there twice is damage.
    private static void require(boolean isNew) {
        if (!isNew) throw new RespError(RespError.BAD_DATA);
    }
}
