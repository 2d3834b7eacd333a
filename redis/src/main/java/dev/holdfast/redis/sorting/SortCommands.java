package dev.holdfast.redis.sorting;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands that sort what lists and sets hold.
public final class SortCommands {
    /// All of them, in the order of the alphabet.
    public static final List<Syntax> ALL =
            List.of(
                    Syntax.write("SORT", -2, SortCall::sort)
                            .flags(Flag.DENYOOM)
                            .categories(
                                    Category.DANGEROUS,
                                    Category.LIST,
                                    Category.SET,
                                    Category.SORTEDSET)
                            .keys(
                                    KeySpec.one("RO", "access"),
                                    KeySpec.unknown("RO", "access").readBy(SortKeys::lookedUp),
                                    KeySpec.unknown("OW", "update").readBy(SortKeys::stored))
                            .docs(
                                    Group.GENERIC,
                                    "1.0.0",
                                    "O(N+M*log(M)) where N is the number of elements in the list or"
                                            + " set to sort, and M the number of returned elements."
                                            + " When the elements are not sorted, complexity is"
                                            + " O(N).",
                                    "Sort the elements in a list, set or sorted set",
                                    "key [BY pattern] [LIMIT offset count] [GET pattern [GET"
                                            + " pattern ...]] [ASC | DESC] [ALPHA] [STORE"
                                            + " destination]"),
                    Syntax.read("SORT_RO", -2, SortCall::sort_ro)
                            .categories(
                                    Category.DANGEROUS,
                                    Category.LIST,
                                    Category.SET,
                                    Category.SORTEDSET)
                            .keys(
                                    KeySpec.one("RO", "access"),
                                    KeySpec.unknown("RO", "access").readBy(SortKeys::lookedUp))
                            .docs(
                                    Group.GENERIC,
                                    "7.0.0",
                                    "O(N+M*log(M)) where N is the number of elements in the list or"
                                            + " set to sort, and M the number of returned elements."
                                            + " When the elements are not sorted, complexity is"
                                            + " O(N).",
                                    "Sort the elements in a list, set or sorted set. Read-only"
                                            + " variant of SORT.",
                                    "key [BY pattern] [LIMIT offset count] [GET pattern [GET"
                                            + " pattern ...]] [ASC | DESC] [ALPHA]"));

    private SortCommands() {}
}
