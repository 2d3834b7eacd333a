package dev.holdfast.redis.hyperloglogs;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on HyperLogLogs.
public final class HyperLogLogCommands {
    /// All of them, in the order of the alphabet.
    public static final List<Syntax> ALL =
            List.of(
                    Syntax.write("PFADD", -2, LogLogCalls::pfadd)
                            .flags(Flag.DENYOOM, Flag.FAST)
                            .keys(KeySpec.one("RW", "insert"))
                            .docs(
                                    Group.HYPERLOGLOG,
                                    "2.8.9",
                                    "O(1) to add every element.",
                                    "Adds the specified elements to the specified HyperLogLog.",
                                    "key [element [element ...]]"),
                    Syntax.read("PFCOUNT", -2, LogLogCalls::pfcount)
                            .flags(Flag.MAY_REPLICATE)
                            .keys(KeySpec.all("RW", "access"))
                            .docs(
                                    Group.HYPERLOGLOG,
                                    "2.8.9",
                                    "O(1) with a very small average constant time when called with"
                                            + " a single key. O(N) with N being the number of"
                                            + " keys, and"
                                            + " much bigger constant times, when called with"
                                            + " multiple"
                                            + " keys.",
                                    "Return the approximated cardinality of the set(s) observed"
                                            + " by the HyperLogLog at key(s).",
                                    "key [key ...]"),
                    Syntax.write("PFMERGE", -2, LogLogCalls::pfmerge)
                            .flags(Flag.DENYOOM)
                            .keys(
                                    KeySpec.one("RW", "access", "insert"),
                                    KeySpec.range(2, -1, 1, "RO", "access"))
                            .docs(
                                    Group.HYPERLOGLOG,
                                    "2.8.9",
                                    "O(N) to merge N HyperLogLogs, but with high constant"
                                            + " times.",
                                    "Merge N different HyperLogLogs into a single one.",
                                    "destkey sourcekey [sourcekey ...]"));

    private HyperLogLogCommands() {}
}
