package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.InlineWords;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.lua.LuaString;
import java.util.List;
import java.util.Locale;

/// The source of a library of functions, whose first line, `#!lua name=...`, was read. Immutable.
///
/// @param whole as it came, the first line included
/// @param code what is compiled: from the end of the first line on, so that lines are counted with
///   it
record LibrarySource(String name, Bytes whole, LuaString code) {
    private static final String NAME = "name=";
    private static final int NAME_MAX = 32_768; // as long as a key
    private static final String BAD_NAME =
            "Library names can only contain letters, numbers, or underscores(_) and must be at"
                    + " least one character long";

    /// Reads the first line of `source`. An error if it does not say all that it should.
    static LibrarySource of(Bytes source) {
        if (!source.startsWith(Bytes.utf8("#!")))
            throw new RespError("ERR Missing library metadata");
        int end = lineEnd(source);
        int start = source.offset();
        List<Bytes> words = end < 0 ? null : InlineWords.split(source.array(), start, start + end);
        if (words == null) throw new RespError("ERR Invalid library metadata");
        String name = name(words.subList(1, words.size()));
        checkName(name);
        String engine = words.getFirst().toUtf8().substring(2);
        if (!engine.equalsIgnoreCase("lua"))
            throw new RespError("ERR Engine '" + engine + "' not found");
        return new LibrarySource(name, source, LuaString.of(source.slice(end, source.length())));
    }

    /// An error unless `name` may be that of a library or of a function.
    static void checkName(String name) {
        boolean isFine = !name.isEmpty();
        for (int i = 0; i < name.length() && isFine; i++) isFine = isOfNames(name.charAt(i));
        if (!isFine) throw new RespError("ERR " + BAD_NAME);
        if (NAME_MAX < name.length()) throw new RespError(RespError.STRING_TOO_LONG);
    }

    private static boolean isOfNames(char letter) {
        return 'a' <= letter && letter <= 'z'
                || 'A' <= letter && letter <= 'Z'
                || '0' <= letter && letter <= '9'
                || letter == '_';
    }

    /// The name under which it is kept.
    Bytes key() {
        return Bytes.utf8(name);
    }

    private static String name(List<Bytes> options) {
        String name = null;
        for (Bytes option : options) {
            String text = option.toUtf8();
            if (!text.toLowerCase(Locale.ROOT).startsWith(NAME))
                throw new RespError("ERR Invalid metadata value given: " + text);
            if (name != null)
                throw new RespError(
                        "ERR Invalid metadata value, name argument was given multiple times");
            name = text.substring(NAME.length());
        }
        if (name == null) throw new RespError("ERR Library name was not given");
        return name;
    }

    // -1 if the line does not end, or not before a zero.
    private static int lineEnd(Bytes source) {
        for (int i = 0; i < source.length() && source.at(i) != 0; i++)
            if (source.at(i) == '\n') return i;
        return -1;
    }
}
