package dev.holdfast.redis.hashes;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on hashes.
public final class HashCommands {
    /// All of them, in the order of the alphabet.
    public static final List<Syntax> ALL =
            List.of(
                    Syntax.write("HDEL", -3, HashWrites::hdel)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RW", "delete"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(N) where N is the number of fields to be removed.",
                                    "Delete one or more hash fields",
                                    "key field [field ...]"),
                    Syntax.read("HEXISTS", 3, HashReads::hexists)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(1)",
                                    "Determine if a hash field exists",
                                    "key field"),
                    Syntax.read("HGET", 3, HashReads::hget)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(1)",
                                    "Get the value of a hash field",
                                    "key field"),
                    Syntax.read("HGETALL", 2, HashReads::hgetall)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(N) where N is the size of the hash.",
                                    "Get all the fields and values in a hash",
                                    "key"),
                    Syntax.write("HINCRBY", 4, HashWrites::hincrby)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "access", "update"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(1)",
                                    "Increment the integer value of a hash field by the given"
                                            + " number",
                                    "key field increment"),
                    Syntax.write("HINCRBYFLOAT", 4, HashWrites::hincrbyfloat)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "access", "update"))
                            .docs(
                                    Group.HASH,
                                    "2.6.0",
                                    "O(1)",
                                    "Increment the float value of a hash field by the given"
                                            + " amount",
                                    "key field increment"),
                    Syntax.read("HKEYS", 2, HashReads::hkeys)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(N) where N is the size of the hash.",
                                    "Get all the fields in a hash",
                                    "key"),
                    Syntax.read("HLEN", 2, HashReads::hlen)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(1)",
                                    "Get the number of fields in a hash",
                                    "key"),
                    Syntax.read("HMGET", -3, HashReads::hmget)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(N) where N is the number of fields being requested.",
                                    "Get the values of all the given hash fields",
                                    "key field [field ...]"),
                    Syntax.write("HMSET", -4, HashWrites::hmset)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "update"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(N) where N is the number of fields being set.",
                                    "Set multiple hash fields to multiple values",
                                    "key field value [field value ...]"),
                    Syntax.read("HRANDFIELD", -2, HashReads::hrandfield)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.HASH,
                                    "6.2.0",
                                    "O(N) where N is the number of fields returned",
                                    "Get one or multiple random fields from a hash",
                                    "key [count [WITHVALUES]]"),
                    Syntax.read("HSCAN", -3, HashReads::hscan)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.HASH,
                                    "2.8.0",
                                    "O(1) for every call. O(N) for a complete iteration, including"
                                            + " enough command calls for the cursor to return back"
                                            + " to"
                                            + " 0. N is the number of elements inside the"
                                            + " collection..",
                                    "Incrementally iterate hash fields and associated values",
                                    "key cursor [MATCH pattern] [COUNT count]"),
                    Syntax.write("HSET", -4, HashWrites::hset)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "update"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(1) for each field/value pair added, so O(N) to add N"
                                            + " field/value pairs when the command is called with"
                                            + " multiple field/value pairs.",
                                    "Set the string value of a hash field",
                                    "key field value [field value ...]"),
                    Syntax.write("HSETNX", 4, HashWrites::hsetnx)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "insert"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(1)",
                                    "Set the value of a hash field, only if the field does not"
                                            + " exist",
                                    "key field value"),
                    Syntax.read("HSTRLEN", 3, HashReads::hstrlen)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO"))
                            .docs(
                                    Group.HASH,
                                    "3.2.0",
                                    "O(1)",
                                    "Get the length of the value of a hash field",
                                    "key field"),
                    Syntax.read("HVALS", 2, HashReads::hvals)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.HASH,
                                    "2.0.0",
                                    "O(N) where N is the size of the hash.",
                                    "Get all the values in a hash",
                                    "key"));

    private HashCommands() {}
}
