package dev.holdfast.redis.fuzz;

import java.util.regex.Pattern;

/// What a message says, whatever it says it of.
public final class Wording {
    private static final Pattern PARTICULARS = Pattern.compile("`[^`]*`|'[^']*'|[0-9]+");
    private static final int LENGTH_MAX = 60;

    private Wording() {}

    /// `message` without names and numbers.
    public static String of(String message) {
        String rest = PARTICULARS.matcher(message).replaceAll("#");
        return rest.substring(0, Math.min(rest.length(), LENGTH_MAX));
    }
}
