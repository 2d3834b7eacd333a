package dev.holdfast.redis.acl;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Syntax;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The commands and subcommands there are, each with a number, so that a set of them is a row of
/// bits. Immutable.
final class Catalog {
    private final CommandTable table;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Syntax, Entry> bySyntax = new IdentityHashMap<>();

    /// A command or subcommand.
    ///
    /// @param name in small letters, as in `client|kill`
    /// @param parent the command that it is a subcommand of; null if it is none
    record Entry(int number, String name, Syntax syntax, @Nullable Entry parent) {
        boolean isIn(Category category) {
            return syntax.allCategories().contains(category);
        }
    }

    Catalog(CommandTable table) {
        this.table = table;
        for (Syntax command : table.all()) {
            Entry container = add(command.shownName(), command, null);
            for (Syntax sub : command.traits().subcommands())
                add(command.shownName() + "|" + sub.shownName(), sub, container);
        }
    }

    private Entry add(String name, Syntax syntax, @Nullable Entry parent) {
        var entry = new Entry(entries.size(), name, syntax, parent);
        entries.add(entry);
        bySyntax.put(syntax, entry);
        return entry;
    }

    /// All of them, each command before its subcommands.
    List<Entry> all() {
        return entries;
    }

    /// The command or subcommand called `name`, as in `client|kill`; null if there is none.
    @Nullable Entry find(String name) {
        Syntax syntax = table.find(name);
        return syntax == null ? null : bySyntax.get(syntax);
    }

    /// The number of a command of the table.
    int numberOf(Syntax syntax) {
        Entry entry = bySyntax.get(syntax);
        if (entry == null) throw new IllegalArgumentException("not in the table: " + syntax.name());
        return entry.number;
    }

    /// The category called `name`, without its `@`; null if there is none.
    static @Nullable Category category(String name) {
        String word = "@" + name.toLowerCase(Locale.ROOT);
        for (Category category : Category.values())
            if (category.word().equals(word)) return category;
        return null;
    }
}
