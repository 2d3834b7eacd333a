package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/// `COMMAND ...`: what commands there are, told from the one table of them.
public final class CommandCommands {
    private static final List<String> HELP =
            List.of(
                    "COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                    "(no subcommand)",
                    "    Return details about all Redis commands.",
                    "COUNT",
                    "    Return the total number of commands in this Redis server.",
                    "LIST [FILTERBY (MODULE|ACLCAT|PATTERN) <value>]",
                    "    Return a list of all commands in this Redis server.",
                    "INFO [<command-name> ...]",
                    "    Return details about multiple Redis commands.",
                    "DOCS [<command-name> ...]",
                    "    Return documentation details about multiple Redis commands.",
                    "GETKEYS <full-command>",
                    "    Return the keys from a full Redis command.",
                    "GETKEYSANDFLAGS <full-command>",
                    "    Return the keys and the access flags from a full Redis command.",
                    "HELP",
                    "    Prints this help.");

    private final Supplier<CommandTable> table;

    /// @param table all commands, this one included; asked only when a command runs
    public CommandCommands(Supplier<CommandTable> table) {
        this.table = table;
    }

    /// The one command, with its subcommands.
    public Syntax syntax() {
        return Syntax.container(
                        "COMMAND",
                        List.of(
                                sub("COUNT", "2.8.13", 2, _ -> (SessionCommand) _ -> count()),
                                sub("DOCS", "7.0.0", -2, this::parseDocs),
                                sub("GETKEYS", "2.8.13", -4, this::parseGetKeys),
                                sub("GETKEYSANDFLAGS", "7.0.0", -4, this::parseGetKeysAndFlags),
                                Syntax.help(Group.SERVER, "5.0.0", HELP)
                                        .categories(Category.CONNECTION),
                                sub("INFO", "2.8.13", -2, this::parseEntries),
                                sub("LIST", "7.0.0", -2, this::parseList)))
                .orAlone(_ -> (SessionCommand) _ -> entries())
                .flags(Flag.LOADING, Flag.STALE)
                .categories(Category.CONNECTION)
                .docs(
                        Group.SERVER,
                        "2.8.13",
                        "O(N) where N is the total number of Redis commands",
                        "Get array of Redis command details",
                        "");
    }

    private static Syntax sub(String name, String since, int arity, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.LOADING, Flag.STALE)
                .categories(Category.CONNECTION)
                .docs(Group.SERVER, since, "O(N)", "COMMAND " + name, "");
    }

    private Reply count() {
        return Reply.integer(table.get().all().size());
    }

    private Reply entries() {
        return Reply.array(table.get().all().stream().map(CommandPages::entry).toList());
    }

    private SessionCommand parseEntries(Words words) {
        if (words.count() == 0) return _ -> entries();
        List<String> names = names(words);
        return _ -> Reply.array(names.stream().map(this::entryOrNull).toList());
    }

    private Reply entryOrNull(String name) {
        Syntax syntax = table.get().find(name);
        return syntax == null
                ? Reply.NULL
                : CommandPages.entry(syntax, name.substring(0, name.lastIndexOf('|') + 1));
    }

    private SessionCommand parseDocs(Words words) {
        List<String> names = names(words);
        return _ -> {
            List<String> asked =
                    names.isEmpty()
                            ? table.get().all().stream().map(Syntax::shownName).toList()
                            : names;
            List<Reply> pages = new ArrayList<>();
            for (String name : asked) {
                Syntax syntax = table.get().find(name);
                if (syntax == null) continue;
                pages.add(Reply.bulk(name.toLowerCase(Locale.ROOT)));
                pages.add(CommandPages.docs(syntax));
            }
            return Reply.map(pages);
        };
    }

    private SessionCommand parseGetKeys(Words words) {
        List<Bytes> call = words.keys(0);
        return _ -> {
            Syntax syntax = called(call);
            return Reply.array(
                    syntax.keyPlaces(call).stream().map(call::get).map(Reply::bulk).toList());
        };
    }

    private SessionCommand parseGetKeysAndFlags(Words words) {
        List<Bytes> call = words.keys(0);
        return _ -> {
            List<Reply> found = new ArrayList<>();
            for (KeySpec.Use use : called(call).keyUses(call)) {
                if (use.place() == KeySpec.Use.EVERY) continue;
                Reply flags = Reply.set(use.flags().stream().map(Reply::simple).toList());
                found.add(Reply.array(Reply.bulk(call.get(use.place())), flags));
            }
            return Reply.array(found);
        };
    }

    // What `call` calls, which must have keys.
    private Syntax called(List<Bytes> call) {
        Syntax command = table.get().find(call.getFirst());
        if (command == null) throw new RespError("ERR Invalid command specified");
        Syntax syntax = command.calledBy(call);
        if (syntax.traits().keys().stream().noneMatch(KeySpec::isOfKeys))
            throw new RespError("ERR The command has no key arguments");
        if (!syntax.accepts(call.size()))
            throw new RespError("ERR Invalid number of arguments specified for command");
        if (syntax.keyPlaces(call).isEmpty())
            throw new RespError("ERR Invalid arguments specified for command");
        return syntax;
    }

    private SessionCommand parseList(Words words) {
        if (words.count() == 0) return _ -> list((_, _) -> true);
        if (words.count() != 3 || !words.is(0, "FILTERBY")) throw new RespError(RespError.SYNTAX);
        Bytes value = words.bytes(2);
        String word = "@" + value.toUtf8().toLowerCase(Locale.ROOT);
        if (words.is(1, "MODULE")) return _ -> list((_, _) -> false);
        if (words.is(1, "ACLCAT"))
            return _ ->
                    list((_, syntax) ->
                            syntax.allCategories().stream()
                                    .anyMatch(category -> category.word().equals(word)));
        if (!words.is(1, "PATTERN")) throw new RespError(RespError.SYNTAX);
        Glob pattern = Glob.ignoringCase(value);
        return _ -> list((name, _) -> pattern.matches(Bytes.utf8(name)));
    }

    private Reply list(BiPredicate<String, Syntax> wanted) {
        List<Reply> names = new ArrayList<>();
        for (Syntax syntax : table.get().all()) {
            String name = syntax.shownName();
            if (wanted.test(name, syntax)) names.add(Reply.bulk(name));
            for (Syntax sub : syntax.traits().subcommands()) {
                String full = name + "|" + sub.shownName();
                if (wanted.test(full, sub)) names.add(Reply.bulk(full));
            }
        }
        return Reply.array(names);
    }

    private static List<String> names(Words words) {
        return words.keys(0).stream().map(Bytes::toUtf8).toList();
    }
}
