package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.BoundCommand;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.InnerCalls.Access;
import dev.holdfast.redis.script.RunningScripts.Kind;
import dev.holdfast.redis.script.Scripts.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// EVAL, EVALSHA, their sisters that only read, and `SCRIPT ...`.
public final class ScriptCommands {
    private static final String MISSING = "NOSCRIPT No matching script. Please use EVAL.";
    static final String USAGE = " numkeys [key [key ...]] [arg [arg ...]]";
    private static final List<String> HELP =
            List.of(
                    "SCRIPT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                    "DEBUG (YES|SYNC|NO)",
                    "    Set the debug mode for subsequent scripts executed.",
                    "EXISTS <sha1> [<sha1> ...]",
                    "    Return information about the existence of the scripts in the script"
                            + " cache.",
                    "FLUSH [ASYNC|SYNC]",
                    "    Flush the Lua scripts cache. Very dangerous on replicas.",
                    "    When called without the optional mode argument, the behavior is determined"
                            + " by the",
                    "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
                    "    * ASYNC: Asynchronously flush the scripts cache.",
                    "    * SYNC: Synchronously flush the scripts cache.",
                    "KILL",
                    "    Kill the currently executing Lua script.",
                    "LOAD <script>",
                    "    Load a script into the scripts cache without executing it.",
                    "HELP",
                    "    Prints this help.");

    private final Scripts scripts;

    public ScriptCommands(Scripts scripts) {
        this.scripts = scripts;
    }

    /// The commands, in the order of the manual.
    public List<Syntax> all() {
        return List.of(
                eval("EVAL", "2.6.0", "Execute a Lua script server side", this::parseEval),
                eval("EVALSHA", "2.6.0", "Execute a Lua script server side", this::parseEvalSha),
                readOnly(
                        "EVALSHA_RO",
                        "Execute a read-only Lua script server side",
                        this::parseEvalSha),
                readOnly("EVAL_RO", "Execute a read-only Lua script server side", this::parseEval),
                script());
    }

    private static Syntax eval(String name, String since, String summary, Parser parser) {
        return of(name, since, summary, parser)
                .flags(Flag.MAY_REPLICATE)
                .keys(KeySpec.counted(2, "RW", "access", "update"));
    }

    private static Syntax readOnly(String name, String summary, Parser parser) {
        return of(name, "7.0.0", summary, parser)
                .flags(Flag.READONLY)
                .keys(KeySpec.counted(2, "RO", "access"));
    }

    private static Syntax of(String name, String since, String summary, Parser parser) {
        boolean isByHash = name.startsWith("EVALSHA");
        return Syntax.session(name, -3, parser)
                .flags(Flag.NOSCRIPT, Flag.STALE, Flag.NO_MANDATORY_KEYS, Flag.MOVABLEKEYS)
                .flags(Flag.SKIP_MONITOR)
                .docs(
                        Group.SCRIPTING,
                        since,
                        "Depends on the script that is executed.",
                        summary,
                        (isByHash ? "sha1" : "script") + USAGE);
    }

    private Syntax script() {
        return Syntax.container(
                        "SCRIPT",
                        List.of(
                                sub("DEBUG", "3.2.0", 3, _ -> (SessionCommand) _ -> debug())
                                        .flags(Flag.NOSCRIPT),
                                sub("EXISTS", "2.6.0", -3, this::parseExists).flags(Flag.NOSCRIPT),
                                sub("FLUSH", "2.6.0", -2, this::parseFlush).flags(Flag.NOSCRIPT),
                                sub("HELP", "5.0.0", 2, _ -> (SessionCommand) _ -> help())
                                        .flags(Flag.LOADING, Flag.STALE),
                                sub("KILL", "2.6.0", 2, _ -> (SessionCommand) _ -> kill())
                                        .flags(Flag.NOSCRIPT, Flag.ALLOW_BUSY),
                                sub("LOAD", "2.6.0", 3, this::parseLoad)
                                        .flags(Flag.NOSCRIPT, Flag.STALE)))
                .docs(
                        Group.SCRIPTING,
                        "2.6.0",
                        "Depends on subcommand.",
                        "A container for Lua scripts management commands",
                        "");
    }

    private static Syntax sub(String name, String since, int arity, Parser parser) {
        String shown = name.toLowerCase(Locale.ROOT);
        return Syntax.session(name, arity, parser)
                .docs(Group.SCRIPTING, since, "O(N)", "SCRIPT " + shown, "");
    }

    private BoundCommand parseEval(Words words) {
        Invocation invocation = invocation(words, RespError.NOT_AN_INTEGER);
        Bytes source = words.bytes(0);
        return session ->
                keyspace -> {
                    Script script = scripts.compiled(ScriptSource.nameOf(source), source);
                    return scripts.run(keyspace, session, script, invocation);
                };
    }

    private BoundCommand parseEvalSha(Words words) {
        String name = words.text(0).toLowerCase(Locale.ROOT);
        Invocation invocation = invocation(words, RespError.NOT_AN_INTEGER);
        return session -> {
            Script script = scripts.cache().find(name);
            if (script == null) throw new RespError(MISSING);
            return keyspace -> scripts.run(keyspace, session, script, invocation);
        };
    }

    /// The keys and the arguments behind the name, and what the command lets a script do.
    ///
    /// @param complaint the error if the number of keys is none
    static Invocation invocation(Words words, String complaint) {
        long count = words.integer(1, complaint);
        if (words.count() - 2 < count)
            throw new RespError("ERR Number of keys can't be greater than number of args");
        if (count < 0) throw new RespError("ERR Number of keys can't be negative");
        List<Bytes> given = words.keys(2);
        boolean isReadOnly =
                words.all().getFirst().toUtf8().toLowerCase(Locale.ROOT).endsWith("_ro");
        return new Invocation(
                isReadOnly ? Access.READS_ONLY : Access.WRITES,
                given.subList(0, (int) count),
                given.subList((int) count, given.size()),
                List.copyOf(words.all()));
    }

    private SessionCommand parseLoad(Words words) {
        Bytes source = words.bytes(0);
        return _ -> {
            String name = ScriptSource.nameOf(source);
            scripts.compiled(name, source);
            return Reply.bulk(name);
        };
    }

    private SessionCommand parseExists(Words words) {
        List<Bytes> names = words.keys(0);
        return _ -> {
            List<Reply> found = new ArrayList<>();
            for (Bytes name : names) {
                String shown = name.toUtf8().toLowerCase(Locale.ROOT);
                found.add(scripts.cache().find(shown) == null ? Reply.ZERO : Reply.ONE);
            }
            return Reply.array(found);
        };
    }

    private SessionCommand parseFlush(Words words) {
        boolean isKnown = words.count() == 0 || words.is(0, "SYNC") || words.is(0, "ASYNC");
        if (1 < words.count() || !isKnown)
            throw new RespError("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
        return _ -> {
            scripts.cache().clear();
            return Reply.OK;
        };
    }

    private Reply kill() {
        scripts.running().kill(Kind.SCRIPT);
        return Reply.OK;
    }

    private static Reply debug() {
        throw new RespError("ERR SCRIPT DEBUG is not supported: scripts run beside others");
    }

    private static Reply help() {
        return Reply.array(HELP.stream().map(Reply::simple).toList());
    }
}
