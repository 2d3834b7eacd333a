package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.LibraryShelf.Existing;
import dev.holdfast.redis.script.RunningScripts.Kind;
import dev.holdfast.redis.script.RunningScripts.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `FUNCTION ...`: libraries of functions, which are kept with the data.
public final class FunctionCommands {
    private static final String HELP =
            """
            FUNCTION <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
            LOAD [REPLACE] <FUNCTION CODE>
                Create a new library with the given library name and code.
            DELETE <LIBRARY NAME>
                Delete the given library.
            LIST [LIBRARYNAME PATTERN] [WITHCODE]
                Return general information on all the libraries:
                * Library name
                * The engine used to run the Library
                * Library description
                * Functions list
                * Library code (if WITHCODE is given)
                It also possible to get only function that matches a pattern using \
            LIBRARYNAME argument.
            STATS
                Return information about the current function running:
                * Function name
                * Command used to run the function
                * Duration in MS that the function is running
                If no function is running, return nil
                In addition, returns a list of available engines.
            KILL
                Kill the current running function.
            FLUSH [ASYNC|SYNC]
                Delete all the libraries.
                When called without the optional mode argument, the behavior is determined by the
                lazyfree-lazy-user-flush configuration directive. Valid modes are:
                * ASYNC: Asynchronously flush the libraries.
                * SYNC: Synchronously flush the libraries.
            DUMP
                Return a serialized payload representing the current libraries, can be \
            restored using FUNCTION RESTORE command
            RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]
                Restore the libraries represented by the given payload, it is possible to \
            give a restore policy to
                control how to handle existing libraries (default APPEND):
                * FLUSH: delete all existing libraries.
                * APPEND: appends the restored libraries to the existing libraries. On \
            collision, abort.
                * REPLACE: appends the restored libraries to the existing libraries, On \
            collision, replace the old
                  libraries with the new libraries (notice that even on this option there is \
            a chance of failure
                  in case of functions name collision with another library).
            HELP
                Prints this help.
            """;
    private static final String ENGINE = "LUA";

    private final LibraryShelf shelf;
    private final RunningScripts running;

    public FunctionCommands(Scripts scripts) {
        this.shelf = scripts.shelf();
        this.running = scripts.running();
    }

    /// The one command, with its subcommands.
    public Syntax syntax() {
        return Syntax.container(
                        "FUNCTION",
                        List.of(
                                change("DELETE", 3, "Delete a function by name", this::parseDelete),
                                sub(
                                        "DUMP",
                                        2,
                                        "Dump all functions into a serialized binary payload",
                                        this::parseDump),
                                change("FLUSH", -2, "Deleting all functions", this::parseFlush),
                                help(),
                                sub(
                                                "KILL",
                                                2,
                                                "Kill the function currently in execution.",
                                                _ -> (SessionCommand) _ -> kill())
                                        .flags(Flag.ALLOW_BUSY),
                                sub(
                                        "LIST",
                                        -2,
                                        "List information about all the functions",
                                        this::parseList),
                                change(
                                                "LOAD",
                                                -3,
                                                "Create a function with the given arguments (name,"
                                                        + " code, description)",
                                                this::parseLoad)
                                        .flags(Flag.DENYOOM),
                                change(
                                                "RESTORE",
                                                -3,
                                                "Restore all the functions on the given payload",
                                                this::parseRestore)
                                        .flags(Flag.DENYOOM),
                                sub(
                                                "STATS",
                                                2,
                                                "Return information about the function currently"
                                                        + " running (name, description, duration)",
                                                _ -> (Command) this::stats)
                                        .flags(Flag.ALLOW_BUSY)))
                .docs(
                        Group.SCRIPTING,
                        "7.0.0",
                        "Depends on subcommand.",
                        "A container for function commands",
                        "");
    }

    private static Syntax sub(String name, int arity, String summary, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.NOSCRIPT)
                .docs(Group.SCRIPTING, "7.0.0", "O(N)", summary, "");
    }

    private static Syntax change(String name, int arity, String summary, Parser parser) {
        return Syntax.write(name, arity, parser)
                .flags(Flag.NOSCRIPT)
                .docs(Group.SCRIPTING, "7.0.0", "O(N)", summary, "");
    }

    private static Syntax help() {
        return Syntax.help(Group.SCRIPTING, "7.0.0", HELP.lines().toList());
    }

    private Command parseLoad(Words words) {
        Existing existing = Existing.STAYS;
        for (int i = 0; i < words.count() - 1; i++) {
            if (!words.is(i, "REPLACE"))
                throw new RespError("ERR Unknown option given: " + words.text(i));
            existing = Existing.GIVES_WAY;
        }
        Bytes source = words.bytes(words.count() - 1);
        Existing chosen = existing;
        return keyspace -> Reply.bulk(shelf.keep(keyspace, source, chosen));
    }

    private Command parseDelete(Words words) {
        String name = words.text(0);
        return keyspace -> {
            if (!shelf.drop(keyspace, name)) throw new RespError("ERR Library not found");
            return Reply.OK;
        };
    }

    private Command parseFlush(Words words) {
        if (1 < words.count()) throw wrongUse("FLUSH");
        boolean isKnown = words.count() == 0 || words.is(0, "SYNC") || words.is(0, "ASYNC");
        if (!isKnown) throw new RespError("ERR FUNCTION FLUSH only supports SYNC|ASYNC option");
        return keyspace -> {
            shelf.clear(keyspace);
            return Reply.OK;
        };
    }

    private Command parseList(Words words) {
        Bytes pattern = null;
        boolean withCode = false;
        for (Options options = words.options(0); options.more(); ) {
            Bytes option = options.bytes();
            String word = option.toUtf8().toUpperCase(Locale.ROOT);
            if (!withCode && word.equals("WITHCODE")) withCode = true;
            else if (pattern == null && word.equals("LIBRARYNAME")) {
                if (!options.more()) throw new RespError("ERR library name argument was not given");
                pattern = options.bytes();
            } else throw new RespError("ERR Unknown argument " + option.toUtf8());
        }
        Glob names = pattern == null ? null : Glob.ignoringCase(pattern);
        Code code = withCode ? Code.SHOWN : Code.LEFT_OUT;
        return keyspace -> list(keyspace, names, code);
    }

    /// Whether the source of a library is shown.
    private enum Code {
        SHOWN,
        LEFT_OUT
    }

    private Reply list(Keyspace keyspace, @Nullable Glob names, Code code) {
        List<Reply> shown = new ArrayList<>();
        for (FunctionLibrary library : shelf.in(keyspace).all())
            if (names == null || names.matches(library.source().key()))
                shown.add(shown(library, code));
        return Reply.array(shown);
    }

    private static Reply shown(FunctionLibrary library, Code code) {
        List<Reply> functions = library.functions().stream().map(FunctionCommands::shown).toList();
        List<Reply> fields = new ArrayList<>();
        fields.addAll(List.of(Reply.bulk("library_name"), Reply.bulk(library.name())));
        fields.addAll(List.of(Reply.bulk("engine"), Reply.bulk(ENGINE)));
        fields.addAll(List.of(Reply.bulk("functions"), Reply.array(functions)));
        if (code == Code.SHOWN)
            fields.addAll(
                    List.of(Reply.bulk("library_code"), Reply.bulk(library.source().whole())));
        return Reply.map(fields);
    }

    private static Reply shown(FunctionLibrary.Entry function) {
        Bytes description = function.description();
        List<Reply> flags = new ArrayList<>();
        for (ScriptFlag flag : ScriptFlag.values())
            if (function.flags().contains(flag)) flags.add(Reply.simple(flag.word()));
        return Reply.map(
                List.of(
                        Reply.bulk("name"),
                        Reply.bulk(function.name()),
                        Reply.bulk("description"),
                        description == null ? Reply.NULL : Reply.bulk(description),
                        Reply.bulk("flags"),
                        Reply.set(flags)));
    }

    private Command parseDump(Words words) {
        return keyspace -> {
            List<Bytes> sources = new ArrayList<>();
            for (FunctionLibrary library : shelf.in(keyspace).all())
                sources.add(library.source().whole());
            return Reply.bulk(LibraryPayload.of(sources));
        };
    }

    private Command parseRestore(Words words) {
        if (2 < words.count()) throw wrongUse("RESTORE");
        Bytes payload = words.bytes(0);
        String policy = words.count() < 2 ? "APPEND" : words.text(1).toUpperCase(Locale.ROOT);
        if (!List.of("APPEND", "REPLACE", "FLUSH").contains(policy))
            throw new RespError(
                    "ERR Wrong restore policy given, value should be either FLUSH, APPEND or"
                            + " REPLACE.");
        Existing existing = policy.equals("APPEND") ? Existing.STAYS : Existing.GIVES_WAY;
        return keyspace -> {
            FunctionLibraries brought = libraries(payload);
            if (policy.equals("FLUSH")) shelf.clear(keyspace);
            shelf.keepAll(keyspace, brought, existing);
            return Reply.OK;
        };
    }

    private FunctionLibraries libraries(Bytes payload) {
        var brought =
                new Object() {
                    private FunctionLibraries libraries = FunctionLibraries.NONE;
                };
        LibraryPayload.read(
                payload, source -> brought.libraries = shelf.load(brought.libraries, source));
        return brought.libraries;
    }

    private Reply kill() {
        running.kill(Kind.FUNCTION);
        return Reply.OK;
    }

    private Reply stats(Keyspace keyspace) {
        Run function = running.function();
        FunctionLibraries libraries = shelf.in(keyspace);
        Reply counts =
                Reply.map(
                        List.of(
                                Reply.bulk("libraries_count"),
                                Reply.integer(libraries.all().size()),
                                Reply.bulk("functions_count"),
                                Reply.integer(libraries.functionCount())));
        return Reply.map(
                List.of(
                        Reply.bulk("running_script"),
                        function == null ? Reply.NULL : shown(function),
                        Reply.bulk("engines"),
                        Reply.map(List.of(Reply.bulk(ENGINE), counts))));
    }

    private static Reply shown(Run function) {
        return Reply.map(
                List.of(
                        Reply.bulk("name"),
                        Reply.bulk(function.name()),
                        Reply.bulk("command"),
                        Reply.array(function.words().stream().map(Reply::bulk).toList()),
                        Reply.bulk("duration_ms"),
                        Reply.integer(function.millis())));
    }

    private static RespError wrongUse(String subcommand) {
        return new RespError(
                "ERR unknown subcommand or wrong number of arguments for '"
                        + subcommand
                        + "'. Try FUNCTION HELP.");
    }
}
