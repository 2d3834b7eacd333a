package dev.holdfast.redis.config;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A number of bytes as Redis's parameters spell it: `1024`, `100mb`, `1g`.
public final class MemoryWord {
    private MemoryWord() {}

    /// How many bytes `word` says; null if it says no number of bytes.
    public static @Nullable Long bytes(String word) {
        String small = word.toLowerCase(Locale.ROOT);
        int end = 0;
        while (end < small.length() && Character.isDigit(small.charAt(end))) end++;
        Long number = Numbers.integerOrNull(Bytes.utf8(small.substring(0, end)));
        long unit =
                switch (small.substring(end)) {
                    case "", "b" -> 1;
                    case "k" -> 1000;
                    case "kb" -> 1024;
                    case "m" -> 1_000_000;
                    case "mb" -> 1024 * 1024;
                    case "g" -> 1_000_000_000;
                    case "gb" -> 1024 * 1024 * 1024;
                    default -> -1;
                };
        if (number == null || unit < 0 || Long.MAX_VALUE / unit < number) return null;
        return number * unit;
    }
}
