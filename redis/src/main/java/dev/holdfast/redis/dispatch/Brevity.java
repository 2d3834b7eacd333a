package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import java.util.List;
import java.util.Set;

/// Tells calls that take a moment, whatever they meet, from those that may take long.
///
/// Those that Redis calls fast take as long as their words are many, but for pops that name a
/// count.
final class Brevity {
    private static final int WORDS_MAX = 64;
    private static final Set<String> BESIDE_THE_FAST =
            Set.of("SET", "SETEX", "PSETEX", "MSET", "MSETNX", "GETRANGE", "DEL", "UNLINK");
    private static final Set<String> WITH_A_COUNT =
            Set.of("LPOP", "RPOP", "SPOP", "ZPOPMIN", "ZPOPMAX");
    private static final Set<String> LOOKS =
            Set.of(
                    "EXISTS",
                    "EXPIRETIME",
                    "GET",
                    "GETBIT",
                    "HEXISTS",
                    "HGET",
                    "HLEN",
                    "HMGET",
                    "HSTRLEN",
                    "LLEN",
                    "MGET",
                    "PEXPIRETIME",
                    "PTTL",
                    "SCARD",
                    "SISMEMBER",
                    "SMISMEMBER",
                    "STRLEN",
                    "TTL",
                    "TYPE",
                    "ZCARD",
                    "ZMSCORE",
                    "ZSCORE");
    private static final Set<String> STEPS =
            Set.of(
                    "APPEND",
                    "DECR",
                    "DECRBY",
                    "DEL",
                    "EXPIRE",
                    "EXPIREAT",
                    "GETDEL",
                    "GETEX",
                    "GETSET",
                    "HDEL",
                    "HINCRBY",
                    "HINCRBYFLOAT",
                    "HMSET",
                    "HSET",
                    "HSETNX",
                    "INCR",
                    "INCRBY",
                    "INCRBYFLOAT",
                    "LPOP",
                    "LPUSH",
                    "LPUSHX",
                    "MSET",
                    "MSETNX",
                    "PERSIST",
                    "PEXPIRE",
                    "PEXPIREAT",
                    "PSETEX",
                    "RPOP",
                    "RPUSH",
                    "RPUSHX",
                    "SADD",
                    "SET",
                    "SETEX",
                    "SETNX",
                    "SREM",
                    "UNLINK",
                    "ZADD",
                    "ZINCRBY",
                    "ZREM");
    private static final Set<Group> QUICK =
            Set.of(
                    Group.GENERIC,
                    Group.STRING,
                    Group.HASH,
                    Group.LIST,
                    Group.SET,
                    Group.SORTED_SET,
                    Group.BITMAP);

    private Brevity() {}

    /// False if `request` has so many words that it takes long.
    static boolean isBrief(List<Bytes> request) {
        return request.size() <= WORDS_MAX;
    }

    /// True if `call`, whose words are few, takes a moment.
    static boolean isBrief(JoinedCalls.Call call) {
        String name = call.syntax().name();
        if (!QUICK.contains(call.syntax().docs().group())) return false;
        if (WITH_A_COUNT.contains(name)) return call.words().size() == 2;
        return call.syntax().traits().flags().contains(Flag.FAST) || BESIDE_THE_FAST.contains(name);
    }

    /// True if `call`, which is brief, looks at single rows and changes nothing.
    static boolean isLook(JoinedCalls.Call call) {
        return LOOKS.contains(call.syntax().name());
    }

    /// True if `call`, which is brief, looks at single rows and changes single rows, but for rare
    /// cases.
    static boolean isStep(JoinedCalls.Call call) {
        return isLook(call) || STEPS.contains(call.syntax().name());
    }
}
