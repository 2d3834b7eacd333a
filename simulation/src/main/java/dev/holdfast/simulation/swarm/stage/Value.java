package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.simulation.check.Write.Row;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// What values look like: the write that wrote it, what it means, and padding to make it long:
/// `17|3,4,9|xxxx`.
public final class Value {
    private static final char BAR = '|';

    private Value() {}

    public static String of(int write, String meaning, int padding) {
        return write + "|" + meaning + BAR + "x".repeat(padding);
    }

    public static String meaning(String value) {
        int from = value.indexOf(BAR) + 1;
        return value.substring(from, value.indexOf(BAR, from));
    }

    public static List<Integer> elements(String value) {
        return Arrays.stream(meaning(value).split(",")).map(Integer::valueOf).toList();
    }

    public static String ofElements(List<Integer> elements) {
        return elements.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    public static long balance(String value) {
        return Long.parseLong(meaning(value));
    }

    /// When a value of a key that expires is gone, in milliseconds of the wall clock; 0 for never.
    public static long expiry(String value) {
        return Long.parseLong(meaning(value));
    }

    /// Without its padding, for people.
    public static String shown(String value) {
        if (value.indexOf(BAR) < 0) return value;
        return value.substring(0, value.indexOf(BAR, value.indexOf(BAR) + 1));
    }

    /// What a batch asks for, for people.
    public static String shown(List<Row> rows) {
        var text = new StringBuilder();
        for (Row row : rows) {
            String value = row.value();
            text.append(row.key()).append('=').append(value == null ? "-" : shown(value));
            text.append(' ');
        }
        return text.toString();
    }
}
