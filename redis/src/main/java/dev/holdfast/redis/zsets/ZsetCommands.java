package dev.holdfast.redis.zsets;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on sorted sets.
public final class ZsetCommands {
    /// All of them, in the order of the alphabet.
    public static final List<Syntax> ALL =
            List.of(
                    Syntax.write("ZADD", -4, ZsetWrites::zadd)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "update"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.2.0",
                                    "O(log(N)) for each item added, where N is the number of"
                                            + " elements in the sorted set.",
                                    "Add one or more members to a sorted set, or update its"
                                            + " score if it already exists",
                                    "key [NX | XX] [GT | LT] [CH] [INCR] score member [score"
                                            + " member ...]"),
                    Syntax.read("ZCARD", 2, ZsetReads::zcard)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.2.0",
                                    "O(1)",
                                    "Get the number of members in a sorted set",
                                    "key"),
                    Syntax.read("ZCOUNT", 4, ZsetReads::zcount)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.0.0",
                                    "O(log(N)) with N being the number of elements in the"
                                            + " sorted set.",
                                    "Count the members in a sorted set with scores within the"
                                            + " given values",
                                    "key min max"),
                    Syntax.read("ZDIFF", -3, ZsetAlgebra::zdiff)
                            .keys(KeySpec.counted(1, "RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "6.2.0",
                                    "O(L + (N-K)log(N)) worst case where L is the total number of"
                                            + " elements in all the sets, N is the size of the"
                                            + " first"
                                            + " set, and K is the size of the result set.",
                                    "Subtract multiple sorted sets",
                                    "numkeys key [key ...] [WITHSCORES]"),
                    Syntax.write("ZDIFFSTORE", -4, ZsetAlgebra::zdiffstore)
                            .flags(Flag.DENYOOM)
                            .keys(KeySpec.one("OW", "update"), KeySpec.counted(2, "RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "6.2.0",
                                    "O(L + (N-K)log(N)) worst case where L is the total number of"
                                            + " elements in all the sets, N is the size of the"
                                            + " first"
                                            + " set, and K is the size of the result set.",
                                    "Subtract multiple sorted sets and store the resulting"
                                            + " sorted set in a new key",
                                    "destination numkeys key [key ...]"),
                    Syntax.write("ZINCRBY", 4, ZsetWrites::zincrby)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "access", "update"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.2.0",
                                    "O(log(N)) where N is the number of elements in the sorted"
                                            + " set.",
                                    "Increment the score of a member in a sorted set",
                                    "key increment member"),
                    Syntax.read("ZINTER", -3, ZsetAlgebra::zinter)
                            .keys(KeySpec.counted(1, "RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "6.2.0",
                                    "O(N*K)+O(M*log(M)) worst case with N being the smallest input"
                                            + " sorted set, K being the number of input sorted"
                                            + " sets and"
                                            + " M being the number of elements in the resulting"
                                            + " sorted"
                                            + " set.",
                                    "Intersect multiple sorted sets",
                                    "numkeys key [key ...] [WEIGHTS weight [weight ...]]"
                                            + " [AGGREGATE SUM | MIN | MAX] [WITHSCORES]"),
                    Syntax.read("ZINTERCARD", -3, ZsetAlgebra::zintercard)
                            .keys(KeySpec.counted(1, "RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "7.0.0",
                                    "O(N*K) worst case with N being the smallest input sorted"
                                            + " set, K being the number of input sorted sets.",
                                    "Intersect multiple sorted sets and return the cardinality"
                                            + " of the result",
                                    "numkeys key [key ...] [LIMIT limit]"),
                    Syntax.write("ZINTERSTORE", -4, ZsetAlgebra::zinterstore)
                            .flags(Flag.DENYOOM)
                            .keys(KeySpec.one("OW", "update"), KeySpec.counted(2, "RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.0.0",
                                    "O(N*K)+O(M*log(M)) worst case with N being the smallest input"
                                            + " sorted set, K being the number of input sorted"
                                            + " sets and"
                                            + " M being the number of elements in the resulting"
                                            + " sorted"
                                            + " set.",
                                    "Intersect multiple sorted sets and store the resulting"
                                            + " sorted set in a new key",
                                    "destination numkeys key [key ...] [WEIGHTS weight [weight"
                                            + " ...]] [AGGREGATE SUM | MIN | MAX]"),
                    Syntax.read("ZLEXCOUNT", 4, ZsetReads::zlexcount)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.8.9",
                                    "O(log(N)) with N being the number of elements in the"
                                            + " sorted set.",
                                    "Count the number of members in a sorted set between a"
                                            + " given lexicographical range",
                                    "key min max"),
                    Syntax.write("ZMPOP", -4, ZsetPops::zmpop)
                            .keys(KeySpec.counted(1, "RW", "access", "delete"))
                            .docs(
                                    Group.SORTED_SET,
                                    "7.0.0",
                                    "O(K) + O(M*log(N)) where K is the number of provided keys, N"
                                            + " being the number of elements in the sorted set,"
                                            + " and M"
                                            + " being the number of elements popped.",
                                    "Remove and return members with scores in a sorted set",
                                    "numkeys key [key ...] (MIN | MAX) [COUNT count]"),
                    Syntax.read("ZMSCORE", -3, ZsetReads::zmscore)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "6.2.0",
                                    "O(N) where N is the number of members being requested.",
                                    "Get the score associated with the given members in a"
                                            + " sorted set",
                                    "key member [member ...]"),
                    Syntax.write("ZPOPMAX", -2, ZsetPops::zpopmax)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RW", "access", "delete"))
                            .docs(
                                    Group.SORTED_SET,
                                    "5.0.0",
                                    "O(log(N)*M) with N being the number of elements in the sorted"
                                            + " set, and M being the number of elements popped.",
                                    "Remove and return members with the highest scores in a"
                                            + " sorted set",
                                    "key [count]"),
                    Syntax.write("ZPOPMIN", -2, ZsetPops::zpopmin)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RW", "access", "delete"))
                            .docs(
                                    Group.SORTED_SET,
                                    "5.0.0",
                                    "O(log(N)*M) with N being the number of elements in the sorted"
                                            + " set, and M being the number of elements popped.",
                                    "Remove and return members with the lowest scores in a"
                                            + " sorted set",
                                    "key [count]"),
                    Syntax.read("ZRANDMEMBER", -2, ZsetReads::zrandmember)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "6.2.0",
                                    "O(N) where N is the number of elements returned",
                                    "Get one or multiple random elements from a sorted set",
                                    "key [count [WITHSCORES]]"),
                    Syntax.read("ZRANGE", -4, ZsetRanges::zrange)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.2.0",
                                    "O(log(N)+M) with N being the number of elements in the"
                                            + " sorted set and M the number of elements returned.",
                                    "Return a range of members in a sorted set",
                                    "key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset"
                                            + " count] [WITHSCORES]"),
                    Syntax.read("ZRANGEBYLEX", -4, ZsetRanges::zrangebylex)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.8.9",
                                    "O(log(N)+M) with N being the number of elements in the sorted"
                                            + " set and M the number of elements being returned."
                                            + " If M"
                                            + " is constant (e.g. always asking for the first 10"
                                            + " elements with LIMIT), you can consider it"
                                            + " O(log(N)).",
                                    "Return a range of members in a sorted set, by"
                                            + " lexicographical range",
                                    "key min max [LIMIT offset count]"),
                    Syntax.read("ZRANGEBYSCORE", -4, ZsetRanges::zrangebyscore)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.0.5",
                                    "O(log(N)+M) with N being the number of elements in the sorted"
                                            + " set and M the number of elements being returned."
                                            + " If M"
                                            + " is constant (e.g. always asking for the first 10"
                                            + " elements with LIMIT), you can consider it"
                                            + " O(log(N)).",
                                    "Return a range of members in a sorted set, by score",
                                    "key min max [WITHSCORES] [LIMIT offset count]"),
                    Syntax.write("ZRANGESTORE", -5, ZsetRanges::zrangestore)
                            .flags(Flag.DENYOOM)
                            .keys(KeySpec.one("OW", "update"), KeySpec.at(2, "RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "6.2.0",
                                    "O(log(N)+M) with N being the number of elements in the sorted"
                                            + " set and M the number of elements stored into the"
                                            + " destination key.",
                                    "Store a range of members from sorted set into another key",
                                    "dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset"
                                            + " count]"),
                    Syntax.read("ZRANK", 3, ZsetReads::zrank)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.0.0",
                                    "O(log(N))",
                                    "Determine the index of a member in a sorted set",
                                    "key member"),
                    Syntax.write("ZREM", -3, ZsetWrites::zrem)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RW", "delete"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.2.0",
                                    "O(M*log(N)) with N being the number of elements in the sorted"
                                            + " set and M the number of elements to be removed.",
                                    "Remove one or more members from a sorted set",
                                    "key member [member ...]"),
                    Syntax.write("ZREMRANGEBYLEX", 4, ZsetWrites::zremrangebylex)
                            .keys(KeySpec.one("RW", "delete"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.8.9",
                                    "O(log(N)+M) with N being the number of elements in the sorted"
                                            + " set and M the number of elements removed by the"
                                            + " operation.",
                                    "Remove all members in a sorted set between the given"
                                            + " lexicographical range",
                                    "key min max"),
                    Syntax.write("ZREMRANGEBYRANK", 4, ZsetWrites::zremrangebyrank)
                            .keys(KeySpec.one("RW", "delete"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.0.0",
                                    "O(log(N)+M) with N being the number of elements in the sorted"
                                            + " set and M the number of elements removed by the"
                                            + " operation.",
                                    "Remove all members in a sorted set within the given"
                                            + " indexes",
                                    "key start stop"),
                    Syntax.write("ZREMRANGEBYSCORE", 4, ZsetWrites::zremrangebyscore)
                            .keys(KeySpec.one("RW", "delete"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.2.0",
                                    "O(log(N)+M) with N being the number of elements in the sorted"
                                            + " set and M the number of elements removed by the"
                                            + " operation.",
                                    "Remove all members in a sorted set within the given scores",
                                    "key min max"),
                    Syntax.read("ZREVRANGE", -4, ZsetRanges::zrevrange)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.2.0",
                                    "O(log(N)+M) with N being the number of elements in the"
                                            + " sorted set and M the number of elements returned.",
                                    "Return a range of members in a sorted set, by index, with"
                                            + " scores ordered from high to low",
                                    "key start stop [WITHSCORES]"),
                    Syntax.read("ZREVRANGEBYLEX", -4, ZsetRanges::zrevrangebylex)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.8.9",
                                    "O(log(N)+M) with N being the number of elements in the sorted"
                                            + " set and M the number of elements being returned."
                                            + " If M"
                                            + " is constant (e.g. always asking for the first 10"
                                            + " elements with LIMIT), you can consider it"
                                            + " O(log(N)).",
                                    "Return a range of members in a sorted set, by"
                                            + " lexicographical range, ordered from higher to lower"
                                            + " strings.",
                                    "key max min [LIMIT offset count]"),
                    Syntax.read("ZREVRANGEBYSCORE", -4, ZsetRanges::zrevrangebyscore)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.2.0",
                                    "O(log(N)+M) with N being the number of elements in the sorted"
                                            + " set and M the number of elements being returned."
                                            + " If M"
                                            + " is constant (e.g. always asking for the first 10"
                                            + " elements with LIMIT), you can consider it"
                                            + " O(log(N)).",
                                    "Return a range of members in a sorted set, by score, with"
                                            + " scores ordered from high to low",
                                    "key max min [WITHSCORES] [LIMIT offset count]"),
                    Syntax.read("ZREVRANK", 3, ZsetReads::zrevrank)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.0.0",
                                    "O(log(N))",
                                    "Determine the index of a member in a sorted set, with"
                                            + " scores ordered from high to low",
                                    "key member"),
                    Syntax.read("ZSCAN", -3, ZsetReads::zscan)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.8.0",
                                    "O(1) for every call. O(N) for a complete iteration, including"
                                            + " enough command calls for the cursor to return back"
                                            + " to"
                                            + " 0. N is the number of elements inside the"
                                            + " collection..",
                                    "Incrementally iterate sorted sets elements and associated"
                                            + " scores",
                                    "key cursor [MATCH pattern] [COUNT count]"),
                    Syntax.read("ZSCORE", 3, ZsetReads::zscore)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "1.2.0",
                                    "O(1)",
                                    "Get the score associated with the given member in a sorted"
                                            + " set",
                                    "key member"),
                    Syntax.read("ZUNION", -3, ZsetAlgebra::zunion)
                            .keys(KeySpec.counted(1, "RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "6.2.0",
                                    "O(N)+O(M*log(M)) with N being the sum of the sizes of the"
                                            + " input sorted sets, and M being the number of"
                                            + " elements"
                                            + " in the resulting sorted set.",
                                    "Add multiple sorted sets",
                                    "numkeys key [key ...] [WEIGHTS weight [weight ...]]"
                                            + " [AGGREGATE SUM | MIN | MAX] [WITHSCORES]"),
                    Syntax.write("ZUNIONSTORE", -4, ZsetAlgebra::zunionstore)
                            .flags(Flag.DENYOOM)
                            .keys(KeySpec.one("OW", "update"), KeySpec.counted(2, "RO", "access"))
                            .docs(
                                    Group.SORTED_SET,
                                    "2.0.0",
                                    "O(N)+O(M log(M)) with N being the sum of the sizes of the"
                                            + " input sorted sets, and M being the number of"
                                            + " elements"
                                            + " in the resulting sorted set.",
                                    "Add multiple sorted sets and store the resulting sorted"
                                            + " set in a new key",
                                    "destination numkeys key [key ...] [WEIGHTS weight [weight"
                                            + " ...]] [AGGREGATE SUM | MIN | MAX]"));

    private ZsetCommands() {}
}
