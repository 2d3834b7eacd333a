package dev.holdfast.redis.script.parse;

import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Prototype;

/// Makes functions out of source.
public final class Compiler {
    private Compiler() {}

    /// The function whose body is `source`.
    ///
    /// @param chunk what the source is called, with `@` or `=` in front unless it is a text to
    ///   show. Throws `LuaError` with what is wrong and where
    public static Prototype compile(LuaString source, String chunk) {
        return new StatementParser(new Lexer(source, chunk), chunk).chunk();
    }
}
