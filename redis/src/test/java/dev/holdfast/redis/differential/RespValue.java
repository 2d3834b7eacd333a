package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;

/// One reply as it came, in either protocol version.
///
/// @param kind the first byte
/// @param text the line behind it; of a bulk its bytes, each a character
record RespValue(char kind, String text, List<RespValue> parts) implements Comparable<RespValue> {
    /// The text of what is not there.
    static final String NONE = "(none)";

    private static final int SHOWN_MAX = 200;

    /// The same with its parts in an order that does not depend on the one they came in.
    RespValue unordered() {
        return withParts(parts.stream().sorted().toList());
    }

    /// The same with its parts taken two by two, in an order of their own.
    RespValue unorderedPairs() {
        if (parts.size() % 2 != 0) return this;
        List<RespValue> pairs = new ArrayList<>();
        for (int i = 0; i < parts.size(); i += 2)
            pairs.add(new RespValue('*', "2", parts.subList(i, i + 2)));
        return withParts(pairs).unordered();
    }

    RespValue withParts(List<RespValue> others) {
        return new RespValue(kind, text, others);
    }

    boolean isError() {
        return kind == '-';
    }

    @Override
    public int compareTo(RespValue other) {
        return deep().compareTo(other.deep());
    }

    private String deep() {
        var shown = new StringBuilder().append(kind).append(text);
        for (RespValue part : parts) shown.append('|').append(part.deep());
        return shown.toString();
    }

    @Override
    public String toString() {
        String shown = kind + (SHOWN_MAX < text.length() ? text.substring(0, SHOWN_MAX) : text);
        return parts.isEmpty() ? shown : shown + parts;
    }
}
