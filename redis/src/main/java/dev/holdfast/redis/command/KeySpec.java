package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a command's keys stand, and what it does with them.
///
/// @param flags what is done with the keys, as COMMAND shows it: `RW`, `RO`, `OW` or `RM`, then
///   `access`, `update`, `insert`, `delete`
/// @param reading finds the keys of a call where `search`, `find` and `flags` cannot tell all; null
///   where they can
public record KeySpec(Search search, Find find, List<String> flags, @Nullable Reading reading) {
    /// It is no key, but stands where one might.
    private static final String NOT_KEY = "not_key";

    public KeySpec {
        flags = List.copyOf(flags);
    }

    /// A key of a call.
    ///
    /// @param place counted from the command's name at 0; [#EVERY] if it may be any key there is
    /// @param flags what is done with it, as in the specification
    /// @param asker the part of the call that may ask for any key; empty where the place tells
    public record Use(int place, List<String> flags, String asker) {
        /// Any key there is: which one is known only when the call runs.
        public static final int EVERY = -1;

        public Use {
            flags = List.copyOf(flags);
        }

        public Use(int place, String... flags) {
            this(place, List.of(flags), "");
        }

        /// Any key there is, because of the part of the call that `asker` names.
        public static Use ofEvery(String asker, String... flags) {
            return new Use(EVERY, List.of(flags), asker);
        }
    }

    /// Finds keys by reading the whole call.
    @FunctionalInterface
    public interface Reading {
        /// The keys in `call`, whose name is at 0. Of a call that is wrong it may find too many.
        List<Use> of(List<Bytes> call);
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
        return of(new Search.At(first), find, flags);
    }

    /// As many keys as the word at `position` says, right after it.
    public static KeySpec counted(int position, String... flags) {
        return of(new Search.At(position), new Find.Counted(), flags);
    }

    /// One key after `keyword`, which stands at `from` or later.
    public static KeySpec after(String keyword, int from, String... flags) {
        var search = new Search.After(keyword, from);
        return of(search, new Find.Range(0, 1, 0), flags);
    }

    /// The first half of all words after `keyword`, which stands at `from` or later: as many ids
    /// follow.
    public static KeySpec afterWithIds(String keyword, int from, String... flags) {
        var search = new Search.After(keyword, from);
        return of(search, new Find.Range(-1, 1, 2), flags);
    }

    /// Keys that depend on more than the words.
    public static KeySpec unknown(String... flags) {
        return of(new Search.Unknown(), new Find.Unknown(), flags);
    }

    private static KeySpec of(Search search, Find find, String... flags) {
        return new KeySpec(search, find, List.of(flags), null);
    }

    /// This specification for keys that only `reading` finds, or of which it alone tells what is
    /// done with them.
    public KeySpec readBy(Reading reading) {
        return new KeySpec(search, find, flags, reading);
    }

    /// True if these are keys, and not only words that stand where keys might.
    public boolean isOfKeys() {
        return !flags.contains(NOT_KEY);
    }

    /// True if the places do not depend on the words themselves.
    public boolean isFixed() {
        return search instanceof Search.At && find instanceof Find.Range;
    }

    /// The keys in `call`, whose name is at 0.
    List<Use> uses(List<Bytes> call) {
        if (reading != null) return reading.of(call);
        List<Use> uses = new ArrayList<>();
        for (int first : firsts(call)) addFrom(first, call, uses);
        return uses;
    }

    private void addFrom(int first, List<Bytes> call, List<Use> uses) {
        switch (find) {
            case Find.Range range -> {
                int last = range.last < 0 ? call.size() + range.last : first + range.last;
                if (1 < range.limit) last = first + (call.size() - first) / range.limit - 1;
                for (int at = first; at <= Math.min(last, call.size() - 1); at += range.step)
                    uses.add(new Use(at, flags, ""));
            }
            case Find.Counted _ -> {
                Long count = first < call.size() ? Numbers.integerOrNull(call.get(first)) : null;
                if (count == null || call.size() - first - 1 < count) return;
                for (int i = 1; i <= count; i++) uses.add(new Use(first + i, flags, ""));
            }
            case Find.Unknown _ -> {}
        }
    }

    // A keyword that comes before one key counts as often as it stands there: which of them a
    // command goes by is its own affair.
    private List<Integer> firsts(List<Bytes> call) {
        return switch (search) {
            case Search.At at -> List.of(at.position);
            case Search.After after -> {
                List<Integer> found = new ArrayList<>();
                boolean isForOne = find instanceof Find.Range range && range.last == 0;
                for (int i = after.from; i + 1 < call.size(); i++)
                    if ((found.isEmpty() || isForOne)
                            && Numbers.isKeyword(call.get(i), after.keyword)) found.add(i + 1);
                yield found;
            }
            case Search.Unknown _ -> List.of();
        };
    }
}
