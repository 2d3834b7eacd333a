package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import java.util.ArrayList;
import java.util.List;

/// What COMMAND INFO and COMMAND DOCS tell of a command, made from its syntax.
final class CommandPages {
    private CommandPages() {}

    /// The ten fields of COMMAND INFO.
    static Reply entry(Syntax syntax) {
        return entry(syntax, "");
    }

    private static Reply entry(Syntax syntax, String prefix) {
        String name = prefix + syntax.shownName();
        List<KeySpec> keys = syntax.traits().keys();
        KeySpec range = range(keys);
        return Reply.array(
                List.of(
                        Reply.bulk(name),
                        Reply.integer(syntax.arity()),
                        Reply.set(
                                syntax.traits().flags().stream()
                                        .sorted()
                                        .map(Flag::word)
                                        .map(Reply::simple)
                                        .toList()),
                        Reply.integer(range.first()),
                        Reply.integer(range.last()),
                        Reply.integer(range.step()),
                        Reply.set(
                                syntax.allCategories().stream()
                                        .map(Category::word)
                                        .map(Reply::simple)
                                        .toList()),
                        Reply.EMPTY_ARRAY,
                        Reply.array(keys.stream().map(CommandPages::keySpec).toList()),
                        Reply.array(
                                syntax.traits().subcommands().stream()
                                        .map(sub -> entry(sub, name + "|"))
                                        .toList())));
    }

    // What a client that knows one range only should take for it: places that follow each other are
    // one.
    private static KeySpec range(List<KeySpec> keys) {
        if (keys.isEmpty()) return new KeySpec(0, 0, 0, List.of());
        KeySpec range = keys.getFirst();
        for (KeySpec next : keys.subList(1, keys.size()))
            if (range.step() == 1 && next.step() == 1 && next.first() == range.last() + 1)
                range = new KeySpec(range.first(), next.last(), 1, List.of());
        return range;
    }

    private static Reply keySpec(KeySpec spec) {
        int last = spec.last() < 0 ? spec.last() : spec.last() - spec.first();
        return Reply.map(
                List.of(
                        Reply.bulk("flags"),
                        Reply.set(spec.flags().stream().map(Reply::simple).toList()),
                        Reply.bulk("begin_search"),
                        typed("index", Reply.bulk("index"), Reply.integer(spec.first())),
                        Reply.bulk("find_keys"),
                        typed(
                                "range",
                                Reply.bulk("lastkey"),
                                Reply.integer(last),
                                Reply.bulk("keystep"),
                                Reply.integer(spec.step()),
                                Reply.bulk("limit"),
                                Reply.ZERO)));
    }

    private static Reply typed(String type, Reply... spec) {
        return Reply.map(
                List.of(
                        Reply.bulk("type"),
                        Reply.bulk(type),
                        Reply.bulk("spec"),
                        Reply.map(List.of(spec))));
    }

    /// The page of COMMAND DOCS.
    static Reply docs(Syntax syntax) {
        return docs(syntax, "");
    }

    private static Reply docs(Syntax syntax, String prefix) {
        List<Reply> page = new ArrayList<>();
        put(page, "summary", Reply.bulk(syntax.docs().summary()));
        put(page, "since", Reply.bulk(syntax.docs().since()));
        put(page, "group", Reply.bulk(syntax.docs().group().word()));
        if (!syntax.docs().complexity().isEmpty())
            put(page, "complexity", Reply.bulk(syntax.docs().complexity()));
        List<Reply> arguments = UsageArguments.of(syntax.docs().usage());
        if (!arguments.isEmpty()) put(page, "arguments", Reply.array(arguments));
        List<Reply> subcommands = new ArrayList<>();
        String inner = prefix + syntax.shownName() + "|";
        for (Syntax sub : syntax.traits().subcommands())
            put(subcommands, inner + sub.shownName(), docs(sub, inner));
        if (!subcommands.isEmpty()) put(page, "subcommands", Reply.map(subcommands));
        return Reply.map(page);
    }

    private static void put(List<Reply> pairs, String key, Reply value) {
        pairs.add(Reply.bulk(key));
        pairs.add(value);
    }
}
