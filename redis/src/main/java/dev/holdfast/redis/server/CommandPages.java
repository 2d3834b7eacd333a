package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What COMMAND INFO and COMMAND DOCS tell of a command, made from its syntax.
final class CommandPages {
    private CommandPages() {}

    /// The ten fields of COMMAND INFO.
    static Reply entry(Syntax syntax) {
        return entry(syntax, "");
    }

    /// The same of a subcommand, whose container `prefix` names with a bar behind it.
    static Reply entry(Syntax syntax, String prefix) {
        String name = prefix.toLowerCase(Locale.ROOT) + syntax.shownName();
        List<KeySpec> keys = syntax.traits().keys();
        FixedRange range = range(keys);
        return Reply.array(
                List.of(
                        Reply.bulk(name),
                        Reply.integer(syntax.arity()),
                        flags(syntax),
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
    private static FixedRange range(List<KeySpec> keys) {
        FixedRange range = null;
        for (KeySpec key : keys) {
            if (!(key.search() instanceof KeySpec.Search.At at)) continue;
            if (!(key.find() instanceof KeySpec.Find.Range find)) continue;
            int last = find.last() < 0 ? find.last() : at.position() + find.last();
            if (range == null) range = new FixedRange(at.position(), last, find.step());
            else if (range.step == 1 && find.step() == 1 && at.position() == range.last + 1)
                range = new FixedRange(range.first, last, 1);
        }
        return range == null ? new FixedRange(0, 0, 0) : range;
    }

    /// One range of keys, as COMMAND showed it before there were key specifications.
    private record FixedRange(int first, int last, int step) {}

    private static Reply flags(Syntax syntax) {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        flags.addAll(syntax.traits().flags());
        boolean areFixed = syntax.traits().keys().stream().allMatch(KeySpec::isFixed);
        if (!areFixed) flags.add(Flag.MOVABLEKEYS);
        flags.remove(Flag.MAY_REPLICATE); // Redis shows none either
        return Reply.set(flags.stream().map(Flag::word).map(Reply::simple).toList());
    }

    private static Reply keySpec(KeySpec spec) {
        return Reply.map(
                List.of(
                        Reply.bulk("flags"),
                        Reply.set(spec.flags().stream().map(Reply::simple).toList()),
                        Reply.bulk("begin_search"),
                        search(spec.search()),
                        Reply.bulk("find_keys"),
                        find(spec.find())));
    }

    private static Reply search(KeySpec.Search search) {
        return switch (search) {
            case KeySpec.Search.At at ->
                    typed("index", Reply.bulk("index"), Reply.integer(at.position()));
            case KeySpec.Search.After after ->
                    typed(
                            "keyword",
                            Reply.bulk("keyword"),
                            Reply.bulk(after.keyword()),
                            Reply.bulk("startfrom"),
                            Reply.integer(after.from()));
            case KeySpec.Search.Unknown _ -> typed("unknown");
        };
    }

    private static Reply find(KeySpec.Find find) {
        return switch (find) {
            case KeySpec.Find.Range range ->
                    typed(
                            "range",
                            Reply.bulk("lastkey"),
                            Reply.integer(range.last()),
                            Reply.bulk("keystep"),
                            Reply.integer(range.step()),
                            Reply.bulk("limit"),
                            Reply.integer(range.limit()));
            case KeySpec.Find.Counted _ ->
                    typed(
                            "keynum",
                            Reply.bulk("keynumidx"),
                            Reply.ZERO,
                            Reply.bulk("firstkey"),
                            Reply.ONE,
                            Reply.bulk("keystep"),
                            Reply.ONE);
            case KeySpec.Find.Unknown _ -> typed("unknown");
        };
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
