package dev.holdfast.redis.script;

import dev.holdfast.redis.command.BoundCommand;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.FunctionLibraries.Place;
import java.util.List;

/// `FCALL function numkeys [key [key ...]] [arg [arg ...]]`, and FCALL_RO.
public final class FunctionCalls {
    private final Scripts scripts;

    public FunctionCalls(Scripts scripts) {
        this.scripts = scripts;
    }

    /// The two commands.
    public List<Syntax> all() {
        return List.of(
                of("FCALL", "Invoke a function", this::parse)
                        .flags(Flag.MAY_REPLICATE)
                        .keys(KeySpec.counted(2, "RW", "access", "update")),
                of("FCALL_RO", "Invoke a read-only function", this::parse)
                        .flags(Flag.READONLY)
                        .keys(KeySpec.counted(2, "RO", "access")));
    }

    private static Syntax of(String name, String summary, Parser parser) {
        return Syntax.session(name, -3, parser)
                .flags(Flag.NOSCRIPT, Flag.STALE, Flag.NO_MANDATORY_KEYS, Flag.MOVABLEKEYS)
                .flags(Flag.SKIP_MONITOR)
                .docs(
                        Group.SCRIPTING,
                        "7.0.0",
                        "Depends on the function that is executed.",
                        summary,
                        "function" + ScriptCommands.USAGE);
    }

    // What is wrong with the number of keys is told only of a function that is there.
    private BoundCommand parse(Words words) {
        return session ->
                keyspace -> {
                    String name = words.text(0);
                    Place place = scripts.shelf().in(keyspace).function(name);
                    if (place == null) throw new RespError("ERR Function not found");
                    var invocation =
                            ScriptCommands.invocation(words, "ERR Bad number of keys provided");
                    return scripts.run(keyspace, session, place, invocation);
                };
    }
}
