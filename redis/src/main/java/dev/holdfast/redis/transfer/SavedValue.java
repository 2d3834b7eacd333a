package dev.holdfast.redis.transfer;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.lists.End;
import dev.holdfast.redis.lists.RedisList;
import dev.holdfast.redis.rdb.RdbOutput;
import dev.holdfast.redis.rdb.RdbType;
import dev.holdfast.redis.rdb.StreamWriter;
import dev.holdfast.redis.streams.SavedStream;
import dev.holdfast.redis.values.HashedMembers;
import dev.holdfast.redis.values.RedisHash;
import dev.holdfast.redis.values.RedisSet;
import dev.holdfast.redis.values.RedisZset;

/// A value on its way into a snapshot, element by element, in the plain form of its type: Redis
/// chooses how to keep it when it loads it, by its own limits.
public final class SavedValue {
    private static final int PIECE_BYTES = 1 << 20;

    private SavedValue() {}

    /// The form in which values of `type` are written.
    public static RdbType form(KeyType type) {
        return switch (type) {
            case STRING -> RdbType.STRING;
            case LIST -> RdbType.LIST;
            case SET -> RdbType.SET;
            case ZSET -> RdbType.ZSET_2;
            case HASH -> RdbType.HASH;
            case STREAM -> StreamWriter.TYPE;
        };
    }

    /// Writes the value at `key`, which is of `type`.
    public static void write(Keyspace keyspace, Bytes key, KeyType type, RdbOutput out) {
        switch (type) {
            case STRING -> writeString(keyspace.stringAt(key), out);
            case LIST -> writeList(RedisList.at(keyspace, key), out);
            case SET -> writeSet(RedisSet.at(keyspace, key), out);
            case ZSET -> writeZset(RedisZset.at(keyspace, key), out);
            case HASH -> writeHash(RedisHash.at(keyspace, key), out);
            case STREAM -> SavedStream.write(keyspace, key, out);
        }
    }

    private static void writeString(RedisString string, RdbOutput out) {
        int length = string.length();
        if (length <= PIECE_BYTES) {
            out.string(string.read());
            return;
        }
        out.length(length);
        for (int at = 0; at < length; at += PIECE_BYTES)
            out.raw(string.read(at, Math.min(length, at + PIECE_BYTES)));
    }

    private static void writeList(RedisList list, RdbOutput out) {
        out.length(list.count());
        try (RedisList.Walk walk = list.walk(End.HEAD)) {
            while (walk.next()) out.string(walk.value());
        }
    }

    private static void writeSet(RedisSet set, RdbOutput out) {
        out.length(set.count());
        try (HashedMembers.Walk walk = set.members().walk()) {
            while (walk.next()) out.string(walk.name());
        }
    }

    // Greatest first: so Redis writes them too, and finds each place at once when it loads them.
    private static void writeZset(RedisZset zset, RdbOutput out) {
        out.length(zset.count());
        try (RedisZset.Walk walk = zset.walk(RedisZset.all(), Order.DESCENDING)) {
            while (walk.next()) {
                out.string(walk.member());
                out.le64(Double.doubleToRawLongBits(walk.score()));
            }
        }
    }

    private static void writeHash(RedisHash hash, RdbOutput out) {
        out.length(hash.count());
        try (HashedMembers.Walk walk = hash.fields().walk()) {
            while (walk.next()) {
                out.string(walk.name());
                out.string(walk.value());
            }
        }
    }
}
