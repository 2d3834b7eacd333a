package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/// Where a command's keys stand, and what it does with them.
///
/// @param flags what is done with the keys, as COMMAND shows it: `RW`, `RO`, `OW` or `RM`, then
///   `access`, `update`, `insert`, `delete`
public record KeySpec(Search search, Find find, List<String> flags) {
    public KeySpec {
        flags = List.copyOf(flags);
    }

    /// How to come to the first word that may be a key.
    public sealed interface Search {
        /// It stands at `position`, counted from the command's name at 0.
        record At(int position) implements Search {}

        /// It follows `keyword`, which is looked for from the word `from` on.
        record After(String keyword, int from) implements Search {}

        /// The words do not tell.
        record Unknown() implements Search {}
    }

    /// Which words from there on are keys.
    public sealed interface Find {
        /// Every `step`th one up to `last`, which counts from the first one, or from the end of the
        /// call if it is negative: -1 is the last word.
        ///
        /// @param limit if more than 1: only the first of so many parts of the words that are left
        record Range(int last, int step, int limit) implements Find {}

        /// The first word says how many follow it.
        record Counted() implements Find {}

        /// The words do not tell.
        record Unknown() implements Find {}
    }

    /// One key, right after the name.
    public static KeySpec one(String... flags) {
        return at(1, flags);
    }

    /// Every word after the name.
    public static KeySpec all(String... flags) {
        return range(1, -1, 1, flags);
    }

    /// One key at `position`.
    public static KeySpec at(int position, String... flags) {
        return range(position, position, 1, flags);
    }

    /// Every `step`th word from `first` to `last`, which counts from the end if it is negative.
    public static KeySpec range(int first, int last, int step, String... flags) {
        var find = new Find.Range(last < 0 ? last : last - first, step, 0);
        return new KeySpec(new Search.At(first), find, List.of(flags));
    }

    /// As many keys as the word at `position` says, right after it.
    public static KeySpec counted(int position, String... flags) {
        return new KeySpec(new Search.At(position), new Find.Counted(), List.of(flags));
    }

    /// One key after `keyword`, which stands at `from` or later.
    public static KeySpec after(String keyword, int from, String... flags) {
        var search = new Search.After(keyword, from);
        return new KeySpec(search, new Find.Range(0, 1, 0), List.of(flags));
    }

    /// The first half of all words after `keyword`, which stands at `from` or later: as many ids
    /// follow.
    public static KeySpec afterWithIds(String keyword, int from, String... flags) {
        var search = new Search.After(keyword, from);
        return new KeySpec(search, new Find.Range(-1, 1, 2), List.of(flags));
    }

    /// Keys that depend on more than the words.
    public static KeySpec unknown(String... flags) {
        return new KeySpec(new Search.Unknown(), new Find.Unknown(), List.of(flags));
    }

    /// True if the places do not depend on the words themselves.
    public boolean isFixed() {
        return search instanceof Search.At && find instanceof Find.Range;
    }

    /// The places of the keys in `call`, counted from the name at 0.
    public List<Integer> places(List<Bytes> call) {
        List<Integer> places = new ArrayList<>();
        int first = first(call);
        if (first < 0) return places;
        switch (find) {
            case Find.Range range -> {
                int last = range.last < 0 ? call.size() + range.last : first + range.last;
                if (1 < range.limit) last = first + (call.size() - first) / range.limit - 1;
                for (int at = first; at <= Math.min(last, call.size() - 1); at += range.step)
                    places.add(at);
            }
            case Find.Counted _ -> {
                Long count = first < call.size() ? Numbers.integerOrNull(call.get(first)) : null;
                if (count == null || call.size() - first - 1 < count) return places;
                for (int i = 1; i <= count; i++) places.add(first + i);
            }
            case Find.Unknown _ -> {}
        }
        return places;
    }

    private int first(List<Bytes> call) {
        return switch (search) {
            case Search.At at -> at.position;
            case Search.After after -> {
                for (int i = after.from; i + 1 < call.size(); i++)
                    if (Numbers.isKeyword(call.get(i), after.keyword)) yield i + 1;
                yield -1;
            }
            case Search.Unknown _ -> -1;
        };
    }
}
