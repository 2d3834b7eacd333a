package dev.holdfast.app.console;

import java.util.Locale;

/// Numbers as a person reads them.
public final class Units {
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private Units() {}

    /// So many bytes, in the largest unit of which there is one: `12.4 MiB`.
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (1024 <= value && unit < SIZES.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0
                ? bytes + " B"
                : String.format(
                        Locale.ROOT, value < 10 ? "%.2f %s" : "%.1f %s", value, SIZES[unit]);
    }

    /// A count, with commas.
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// So many of `one`, in the singular or the plural.
    public static String count(long count, String one) {
        return count(count) + " " + one + (count == 1 ? "" : "s");
    }

    /// A time of so many seconds, in its two largest units: `3m 20s`, `2d 4h`.
    public static String time(long seconds) {
        if (seconds < MINUTE) return Math.max(0, seconds) + "s";
        if (seconds < HOUR) return seconds / MINUTE + "m " + seconds % MINUTE + "s";
        if (seconds < DAY) return seconds / HOUR + "h " + seconds % HOUR / MINUTE + "m";
        return seconds / DAY + "d " + seconds % DAY / HOUR + "h";
    }

    /// A ratio with two digits behind the point.
    public static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }
}
