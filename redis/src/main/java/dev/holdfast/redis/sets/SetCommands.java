package dev.holdfast.redis.sets;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on sets.
public final class SetCommands {
    /// All of them, in the order of the alphabet.
    public static final List<Syntax> ALL =
            List.of(
                    Syntax.write("SADD", -3, SetWrites::sadd)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "insert"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(1) for each element added, so O(N) to add N elements when"
                                            + " the command is called with multiple arguments.",
                                    "Add one or more members to a set",
                                    "key member [member ...]"),
                    Syntax.read("SCARD", 2, SetReads::scard)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(1)",
                                    "Get the number of members in a set",
                                    "key"),
                    Syntax.read("SDIFF", -2, SetAlgebra::sdiff)
                            .keys(KeySpec.all("RO", "access"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(N) where N is the total number of elements in all given"
                                            + " sets.",
                                    "Subtract multiple sets",
                                    "key [key ...]"),
                    Syntax.write("SDIFFSTORE", -3, SetAlgebra::sdiffstore)
                            .flags(Flag.DENYOOM)
                            .keys(
                                    KeySpec.one("OW", "update"),
                                    KeySpec.range(2, -1, 1, "RO", "access"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(N) where N is the total number of elements in all given"
                                            + " sets.",
                                    "Subtract multiple sets and store the resulting set in a"
                                            + " key",
                                    "destination key [key ...]"),
                    Syntax.read("SINTER", -2, SetAlgebra::sinter)
                            .keys(KeySpec.all("RO", "access"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(N*M) worst case where N is the cardinality of the"
                                            + " smallest set and M is the number of sets.",
                                    "Intersect multiple sets",
                                    "key [key ...]"),
                    Syntax.read("SINTERCARD", -3, SetAlgebra::sintercard)
                            .keys(KeySpec.counted(1, "RO", "access"))
                            .docs(
                                    Group.SET,
                                    "7.0.0",
                                    "O(N*M) worst case where N is the cardinality of the"
                                            + " smallest set and M is the number of sets.",
                                    "Intersect multiple sets and return the cardinality of the"
                                            + " result",
                                    "numkeys key [key ...] [LIMIT limit]"),
                    Syntax.write("SINTERSTORE", -3, SetAlgebra::sinterstore)
                            .flags(Flag.DENYOOM)
                            .keys(
                                    KeySpec.one("RW", "update"),
                                    KeySpec.range(2, -1, 1, "RO", "access"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(N*M) worst case where N is the cardinality of the"
                                            + " smallest set and M is the number of sets.",
                                    "Intersect multiple sets and store the resulting set in a"
                                            + " key",
                                    "destination key [key ...]"),
                    Syntax.read("SISMEMBER", 3, SetReads::sismember)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(1)",
                                    "Determine if a given value is a member of a set",
                                    "key member"),
                    Syntax.read("SMEMBERS", 2, SetReads::smembers)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(N) where N is the set cardinality.",
                                    "Get all the members in a set",
                                    "key"),
                    Syntax.read("SMISMEMBER", -3, SetReads::smismember)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SET,
                                    "6.2.0",
                                    "O(N) where N is the number of elements being checked for"
                                            + " membership",
                                    "Returns the membership associated with the given elements"
                                            + " for a set",
                                    "key member [member ...]"),
                    Syntax.write("SMOVE", 4, SetWrites::smove)
                            .flags(Flag.FAST)
                            .keys(
                                    KeySpec.one("RW", "access", "delete"),
                                    KeySpec.at(2, "RW", "insert"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(1)",
                                    "Move a member from one set to another",
                                    "source destination member"),
                    Syntax.write("SPOP", -2, SetWrites::spop)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RW", "access", "delete"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "Without the count argument O(1), otherwise O(N) where N is"
                                            + " the value of the passed count.",
                                    "Remove and return one or multiple random members from a"
                                            + " set",
                                    "key [count]"),
                    Syntax.read("SRANDMEMBER", -2, SetReads::srandmember)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "Without the count argument O(1), otherwise O(N) where N is"
                                            + " the absolute value of the passed count.",
                                    "Get one or multiple random members from a set",
                                    "key [count]"),
                    Syntax.write("SREM", -3, SetWrites::srem)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RW", "delete"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(N) where N is the number of members to be removed.",
                                    "Remove one or more members from a set",
                                    "key member [member ...]"),
                    Syntax.read("SSCAN", -3, SetReads::sscan)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.SET,
                                    "2.8.0",
                                    "O(1) for every call. O(N) for a complete iteration, including"
                                            + " enough command calls for the cursor to return back"
                                            + " to"
                                            + " 0. N is the number of elements inside the"
                                            + " collection..",
                                    "Incrementally iterate Set elements",
                                    "key cursor [MATCH pattern] [COUNT count]"),
                    Syntax.read("SUNION", -2, SetAlgebra::sunion)
                            .keys(KeySpec.all("RO", "access"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(N) where N is the total number of elements in all given"
                                            + " sets.",
                                    "Add multiple sets",
                                    "key [key ...]"),
                    Syntax.write("SUNIONSTORE", -3, SetAlgebra::sunionstore)
                            .flags(Flag.DENYOOM)
                            .keys(
                                    KeySpec.one("OW", "update"),
                                    KeySpec.range(2, -1, 1, "RO", "access"))
                            .docs(
                                    Group.SET,
                                    "1.0.0",
                                    "O(N) where N is the total number of elements in all given"
                                            + " sets.",
                                    "Add multiple sets and store the resulting set in a key",
                                    "destination key [key ...]"));

    private SetCommands() {}
}
