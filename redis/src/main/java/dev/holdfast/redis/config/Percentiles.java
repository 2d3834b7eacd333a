package dev.holdfast.redis.config;

import java.util.Arrays;
import java.util.List;

/// A list of percentiles, blanks between them.
public final class Percentiles {
    /// Why a list makes no sense.
    public static final String COMPLAINT =
            "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]";

    private Percentiles() {}

    /// True if each word is a number from 0 to 100.
    public static boolean isWellFormed(String text) {
        try {
            return parse(text).stream().allMatch(each -> 0 <= each && each <= 100);
        } catch (NumberFormatException none) {
            return false;
        }
    }

    /// The numbers in `text`. Throws `NumberFormatException` if a word is none.
    public static List<Double> parse(String text) {
        if (text.isBlank()) return List.of();
        return Arrays.stream(text.strip().split("\\s+")).map(Double::valueOf).toList();
    }
}
