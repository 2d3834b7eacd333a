package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.Catalog.Entry;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Syntax;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which commands may be called: what a row of `+` and `-` rules comes to. Not thread-safe while
/// rules are added; nobody adds any once a [Selector] holds it.
final class CommandRules {
    private static final int FIRST_WORDS_MAX = 128;

    private final Catalog catalog;
    private final BitSet allowed = new BitSet();
    private final Map<Integer, List<String>> firstWords = new HashMap<>();
    private final List<String> shown = new ArrayList<>();
    private Start start = Start.NOTHING;
    private boolean isEverything;

    /// What the rules start from.
    private enum Start {
        NOTHING("-@all"),
        EVERYTHING("+@all");

        private final String rule;

        Start(String rule) {
            this.rule = rule;
        }
    }

    CommandRules(Catalog catalog) {
        this.catalog = catalog;
    }

    CommandRules copy() {
        var copy = new CommandRules(catalog);
        copy.allowed.or(allowed);
        firstWords.forEach((number, words) -> copy.firstWords.put(number, new ArrayList<>(words)));
        copy.shown.addAll(shown);
        copy.start = start;
        copy.isEverything = isEverything;
        return copy;
    }

    /// True if every command may be called, those to come included.
    boolean isEverything() {
        return isEverything;
    }

    /// True if `call`, which calls `called`, may be made.
    boolean allows(Syntax called, List<Bytes> call) {
        if (isEverything || called.traits().flags().contains(Flag.NO_AUTH)) return true;
        int number = catalog.numberOf(called);
        return allowed.get(number) || allowsFirstWord(number, call);
    }

    private boolean allowsFirstWord(int number, List<Bytes> call) {
        List<String> words = firstWords.get(number);
        if (words == null || call.size() < 2) return false;
        String given = RuleText.of(call.get(1));
        return words.stream().anyMatch(given::equalsIgnoreCase);
    }

    /// Allows everything.
    void all() {
        startFrom(Start.EVERYTHING);
        allowed.set(0, catalog.all().size());
        isEverything = true;
    }

    /// Allows nothing.
    void none() {
        startFrom(Start.NOTHING);
        allowed.clear();
        isEverything = false;
    }

    private void startFrom(Start start) {
        this.start = start;
        firstWords.clear();
        shown.clear();
    }

    /// Adds `rule`, which begins with `+` or `-`. Tells what is wrong with it; null if nothing is.
    @Nullable String add(String rule) {
        boolean adds = rule.charAt(0) == '+';
        String name = rule.substring(1);
        if (name.startsWith("@"))
            return addCategory(name.substring(1), adds ? Sign.PLUS : Sign.MINUS);
        int bar = name.lastIndexOf('|');
        if (adds && 0 <= bar) return addPart(name.substring(0, bar), name.substring(bar + 1));
        Entry entry = catalog.find(name);
        if (entry == null) return Complaints.UNKNOWN;
        change(entry, adds ? Sign.PLUS : Sign.MINUS);
        show(entry.name(), adds ? Sign.PLUS : Sign.MINUS);
        return null;
    }

    /// Whether a rule allows or forbids.
    private enum Sign {
        PLUS("+"),
        MINUS("-");

        private final String text;

        Sign(String text) {
            this.text = text;
        }
    }

    private @Nullable String addCategory(String name, Sign sign) {
        Category category = Catalog.category(name);
        if (category == null) return Complaints.UNKNOWN;
        for (Entry entry : catalog.all()) if (entry.isIn(category)) change(entry, sign);
        show(category.word(), sign);
        return null;
    }

    // `name|part`: a subcommand, or a command with this first word alone.
    private @Nullable String addPart(String name, String part) {
        Entry command = catalog.find(name);
        if (command == null) return Complaints.UNKNOWN;
        if (command.parent() != null) return Complaints.FIRST_WORD_OF_SUBCOMMAND;
        if (part.isEmpty()) return Complaints.SYNTAX;
        if (command.syntax().traits().subcommands().isEmpty()) return addFirstWord(command, part);
        Entry subcommand = catalog.find(name + "|" + part);
        if (subcommand == null) return Complaints.UNKNOWN;
        change(subcommand, Sign.PLUS);
        show(subcommand.name(), Sign.PLUS);
        return null;
    }

    private @Nullable String addFirstWord(Entry command, String word) {
        List<String> words = firstWords.computeIfAbsent(command.number(), _ -> new ArrayList<>());
        if (words.size() == FIRST_WORDS_MAX) return Complaints.TOO_MANY;
        if (words.stream().noneMatch(word::equalsIgnoreCase)) words.add(word);
        show(command.name() + "|" + word, Sign.PLUS);
        return null;
    }

    // What was said of single words or subcommands before no longer counts.
    private void change(Entry entry, Sign sign) {
        allowed.set(entry.number(), sign == Sign.PLUS);
        firstWords.remove(entry.number());
        if (sign == Sign.MINUS) isEverything = false;
        for (Syntax sub : entry.syntax().traits().subcommands()) {
            allowed.set(catalog.numberOf(sub), sign == Sign.PLUS);
        }
    }

    // A rule takes the place of those of which nothing is left after it.
    private void show(String name, Sign sign) {
        String inner = name.toLowerCase(Locale.ROOT) + "|";
        shown.removeIf(known -> {
            String plain = known.substring(1).toLowerCase(Locale.ROOT);
            return plain.equalsIgnoreCase(name) || plain.startsWith(inner);
        });
        shown.add(sign.text + name);
    }

    /// The rules, each of which still makes a difference or might.
    String text() {
        return shown.isEmpty() ? start.rule : start.rule + " " + String.join(" ", shown);
    }
}
