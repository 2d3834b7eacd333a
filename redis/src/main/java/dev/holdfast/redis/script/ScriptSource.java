package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.Script.Terms;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Prototype;
import dev.holdfast.redis.script.parse.Compiler;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/// Makes scripts out of what clients send.
final class ScriptSource {
    /// How much memory compiled code takes for each byte of its source, about.
    static final int COMPILED_FACTOR = 10;

    private ScriptSource() {}

    /// The name that Redis gives to a source.
    static String nameOf(Bytes source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(source.array(), source.offset(), source.length());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has SHA-1", missing);
        }
    }

    /// Compiles `source`. An error if that cannot be done.
    static Script compile(String name, Bytes source) {
        int shebang = shebangLength(source);
        Terms terms = shebang == 0 ? Terms.UNDECLARED : terms(source.slice(0, shebang).toUtf8());
        LuaString code = LuaString.of(source.slice(shebang, source.length()));
        try {
            Prototype body = Compiler.compile(code, "@user_script");
            return new Script(name, body, terms, (long) source.length() * COMPILED_FACTOR);
        } catch (LuaError wrong) {
            throw new RespError("ERR Error compiling script (new function): " + wrong.getMessage());
        }
    }

    // Up to the end of the first line, which stays: lines are counted with it.
    private static int shebangLength(Bytes source) {
        if (!source.startsWith(Bytes.utf8("#!"))) return 0;
        for (int i = 0; i < source.length(); i++) if (source.at(i) == '\n') return i;
        throw new RespError("ERR Invalid script shebang");
    }

    private static Terms terms(String shebang) {
        String[] parts = shebang.substring(2).strip().split("\\s+");
        if (!parts[0].equals("lua"))
            throw new RespError("ERR Unexpected engine in script shebang: " + parts[0]);
        Set<ScriptFlag> flags = EnumSet.noneOf(ScriptFlag.class);
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].startsWith("flags="))
                throw new RespError("ERR Unknown lua shebang option: " + parts[i]);
            for (String word : parts[i].substring("flags=".length()).split(",")) {
                ScriptFlag flag = ScriptFlag.of(word);
                if (flag == null && !word.isEmpty())
                    throw new RespError("ERR Unexpected flag in script shebang: " + word);
                if (flag != null) flags.add(flag);
            }
        }
        return new Terms(flags, true);
    }
}
