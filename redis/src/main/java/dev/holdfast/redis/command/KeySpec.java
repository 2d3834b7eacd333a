package dev.holdfast.redis.command;

import java.util.List;

/// Where a command's keys stand, and what it does with them.
///
/// Positions count from the command's name, which is at 0; a negative `last` counts from the end:
/// -1 is the last word.
///
/// @param flags what is done with the keys, as COMMAND shows it: `RW`, `RO`, `OW` or `RM`, then
///   `access`, `update`, `insert`, `delete`
public record KeySpec(int first, int last, int step, List<String> flags) {
    public KeySpec {
        flags = List.copyOf(flags);
    }

    /// One key, right after the name.
    public static KeySpec one(String... flags) {
        return new KeySpec(1, 1, 1, List.of(flags));
    }

    /// Every word after the name.
    public static KeySpec all(String... flags) {
        return new KeySpec(1, -1, 1, List.of(flags));
    }

    /// One key at `position`.
    public static KeySpec at(int position, String... flags) {
        return new KeySpec(position, position, 1, List.of(flags));
    }

    /// The place of the last key in a call of `words` words, the name included.
    int lastIn(int words) {
        return last < 0 ? words + last : Math.min(last, words - 1);
    }
}
