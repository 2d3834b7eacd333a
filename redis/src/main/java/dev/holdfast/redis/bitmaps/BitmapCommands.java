package dev.holdfast.redis.bitmaps;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on the bits of strings.
public final class BitmapCommands {
    /// All of them, in the order of the alphabet.
    public static final List<Syntax> ALL =
            List.of(
                    Syntax.read("BITCOUNT", -2, BitReads::bitcount)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.BITMAP,
                                    "2.6.0",
                                    "O(N)",
                                    "Count set bits in a string",
                                    "key [start end [BYTE | BIT]]"),
                    Syntax.write("BITFIELD", -2, BitField::bitfield)
                            .flags(Flag.DENYOOM)
                            .keys(
                                    KeySpec.one("RW", "access", "update", "variable_flags")
                                            .readBy(BitField::keys))
                            .docs(
                                    Group.BITMAP,
                                    "3.2.0",
                                    "O(1) for each subcommand specified",
                                    "Perform arbitrary bitfield integer operations on strings",
                                    "key [GET encoding offset | [OVERFLOW WRAP | SAT | FAIL] (SET"
                                            + " encoding offset value | INCRBY encoding offset"
                                            + " increment) [GET encoding offset | [OVERFLOW WRAP |"
                                            + " SAT"
                                            + " | FAIL] (SET encoding offset value | INCRBY"
                                            + " encoding"
                                            + " offset increment) ...]]"),
                    Syntax.read("BITFIELD_RO", -2, BitField::bitfield_ro)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.BITMAP,
                                    "6.0.0",
                                    "O(1) for each subcommand specified",
                                    "Perform arbitrary bitfield integer operations on strings."
                                            + " Read-only variant of BITFIELD",
                                    "key [GET encoding offset [GET encoding offset ...]]"),
                    Syntax.write("BITOP", -4, BitWrites::bitop)
                            .flags(Flag.DENYOOM)
                            .keys(
                                    KeySpec.at(2, "OW", "update"),
                                    KeySpec.range(3, -1, 1, "RO", "access"))
                            .docs(
                                    Group.BITMAP,
                                    "2.6.0",
                                    "O(N)",
                                    "Perform bitwise operations between strings",
                                    "operation destkey key [key ...]"),
                    Syntax.read("BITPOS", -3, BitReads::bitpos)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.BITMAP,
                                    "2.8.7",
                                    "O(N)",
                                    "Find first bit set or clear in a string",
                                    "key bit [start [end [BYTE | BIT]]]"),
                    Syntax.read("GETBIT", 3, BitReads::getbit)
                            .flags(Flag.FAST)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.BITMAP,
                                    "2.2.0",
                                    "O(1)",
                                    "Returns the bit value at offset in the string value stored"
                                            + " at key",
                                    "key offset"),
                    Syntax.write("SETBIT", 4, BitWrites::setbit)
                            .flags(Flag.DENYOOM)
                            .keys(KeySpec.one("RW", "access", "update"))
                            .docs(
                                    Group.BITMAP,
                                    "2.2.0",
                                    "O(1)",
                                    "Sets or clears the bit at offset in the string value"
                                            + " stored at key",
                                    "key offset value"));

    private BitmapCommands() {}
}
