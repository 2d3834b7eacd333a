package dev.holdfast.app.load;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.load.Parsed.Rejected;
import dev.holdfast.app.load.Parsed.Row;
import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// Lines of `key<TAB>value`; the value is all behind the first tab.
///
/// @param defaultValue the value of lines without a tab; null to reject them
/// @param escapes whether backslash escapes are read
public record TsvParser(@Nullable Bytes defaultValue, Escaping escapes) implements LineParser {
    /// What a backslash means.
    public enum Escaping {
        /// Itself.
        PLAIN,
        /// The beginning of an escape, as `scan` prints them.
        ESCAPED
    }

    @Override
    public Parsed parse(Bytes line) {
        int tab = 0;
        while (tab < line.length() && line.at(tab) != '\t') tab++;
        if (tab == 0) return new Rejected(line.isEmpty() ? "empty line" : "empty key");
        if (tab == line.length())
            return defaultValue == null
                    ? new Rejected("no tab between key and value")
                    : row(line, defaultValue);
        return row(line.slice(0, tab), line.slice(tab + 1, line.length()));
    }

    private Parsed row(Bytes key, Bytes value) {
        if (escapes == Escaping.PLAIN) return new Row(key, value);
        try {
            return new Row(unescaped(key), value == defaultValue ? value : unescaped(value));
        } catch (IllegalArgumentException malformed) {
            return new Rejected(String.valueOf(malformed.getMessage()));
        }
    }

    private static Bytes unescaped(Bytes raw) {
        String text = Escapes.utf8OrNull(raw);
        if (text == null) throw new IllegalArgumentException("not UTF-8");
        return Escapes.read(text);
    }
}
