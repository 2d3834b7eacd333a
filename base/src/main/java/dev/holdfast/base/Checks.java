package dev.holdfast.base;

import java.util.Locale;

/// Checks of what a caller passed in, at a public edge.
public final class Checks {
    private Checks() {}

    /// Throws [IllegalArgumentException] with the formatted message unless `holds`.
    public static void require(boolean holds, String format, Object... args) {
        if (!holds) throw new IllegalArgumentException(String.format(Locale.ROOT, format, args));
    }
}
