package dev.holdfast.redis.hashes;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.members.LongDouble;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.values.RedisHash;
import java.util.List;

/// The calls that change hashes.
final class HashWrites {
    private static final String NOT_AN_INTEGER = "ERR hash value is not an integer";
    private static final String NOT_A_FLOAT = "ERR hash value is not a float";

    private HashWrites() {}

    /// `HSET key field value [field value ...]`: sets fields, and tells how many are new.
    static Command hset(Words words) {
        Put put = Put.parse(words, "hset");
        return keyspace -> Reply.integer(put.run(keyspace));
    }

    /// `HMSET key field value [field value ...]`: sets fields.
    static Command hmset(Words words) {
        Put put = Put.parse(words, "hmset");
        return keyspace -> {
            put.run(keyspace);
            return Reply.OK;
        };
    }

    /// Fields and their values in turn, to be put into the hash at `key`.
    private record Put(Bytes key, List<Bytes> inTurn) {
        static Put parse(Words words, String name) {
            if (words.count() % 2 == 0) throw RespError.arity(name);
            return new Put(words.key(0), words.keys(1));
        }

        long run(Keyspace keyspace) {
            RedisHash hash = RedisHash.at(keyspace, key);
            long before = hash.count();
            for (int i = 0; i < inTurn.size(); i += 2) hash.put(inTurn.get(i), inTurn.get(i + 1));
            hash.save();
            keyspace.event(EventKind.HASH, "hset", key);
            return hash.count() - before;
        }
    }

    /// `HSETNX key field value`: sets a field that is not there.
    static Command hsetnx(Words words) {
        Bytes key = words.key(0);
        Bytes field = words.bytes(1);
        Bytes value = words.bytes(2);
        return keyspace -> {
            RedisHash hash = RedisHash.at(keyspace, key);
            if (hash.get(field) != null) return Reply.ZERO;
            hash.put(field, value);
            hash.save();
            keyspace.event(EventKind.HASH, "hset", key);
            return Reply.ONE;
        };
    }

    /// `HDEL key field [field ...]`: removes fields, and tells how many there were.
    static Command hdel(Words words) {
        Bytes key = words.key(0);
        List<Bytes> fields = words.keys(1);
        return keyspace -> {
            RedisHash hash = RedisHash.at(keyspace, key);
            long removed = fields.stream().filter(hash::remove).count();
            if (removed == 0) return Reply.ZERO;
            hash.save();
            keyspace.shortened(EventKind.HASH, "hdel", key);
            return Reply.integer(removed);
        };
    }

    /// `HINCRBY key field increment`: adds to the integer in a field.
    static Command hincrby(Words words) {
        Bytes key = words.key(0);
        Bytes field = words.bytes(1);
        long step = words.integer(2);
        return keyspace -> {
            RedisHash hash = RedisHash.at(keyspace, key);
            Bytes old = hash.get(field);
            long value = old == null ? 0 : Numbers.integer(old, NOT_AN_INTEGER);
            long sum = value + step;
            if (((value ^ sum) & (step ^ sum)) < 0) throw new RespError(RespError.OVERFLOW);
            hash.put(field, Bytes.utf8(Long.toString(sum)));
            hash.save();
            keyspace.event(EventKind.HASH, "hincrby", key);
            return Reply.integer(sum);
        };
    }

    /// `HINCRBYFLOAT key field increment`: adds to the floating-point number in a field.
    static Command hincrbyfloat(Words words) {
        Bytes key = words.key(0);
        Bytes field = words.bytes(1);
        LongDouble step = LongDouble.parse(words.bytes(2));
        if (!step.isFinite()) throw new RespError("ERR value is NaN or Infinity");
        return keyspace -> {
            RedisHash hash = RedisHash.at(keyspace, key);
            Bytes old = hash.get(field);
            LongDouble value = old == null ? LongDouble.ZERO : LongDouble.parse(old, NOT_A_FLOAT);
            Bytes sum = Bytes.utf8(value.plus(step).toString());
            hash.put(field, sum);
            hash.save();
            keyspace.event(EventKind.HASH, "hincrbyfloat", key);
            return Reply.bulk(sum);
        };
    }
}
