package dev.holdfast.base;

import static dev.holdfast.base.Checks.require;

import java.util.Locale;
import java.util.regex.Pattern;

/// A number of bytes, never negative.
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final Pattern FORM =
            Pattern.compile("\\s*(\\d+)\\s*([kmgt]?)(i?b)?\\s*", Pattern.CASE_INSENSITIVE);

    public ByteSize {
        require(0 <= bytes, "a size cannot be negative: %d", bytes);
    }

    /// `n` bytes.
    public static ByteSize bytes(long n) {
        return new ByteSize(n);
    }

    /// `n` times 1024 bytes.
    public static ByteSize kibibytes(long n) {
        return new ByteSize(Math.multiplyExact(n, 1L << 10));
    }

    /// `n` times 1024 squared bytes.
    public static ByteSize mebibytes(long n) {
        return new ByteSize(Math.multiplyExact(n, 1L << 20));
    }

    /// `n` times 1024 cubed bytes.
    public static ByteSize gibibytes(long n) {
        return new ByteSize(Math.multiplyExact(n, 1L << 30));
    }

    /// Reads `64MiB`, `64mb`, `64m` or `67108864`; every unit is a power of 1024. Throws
    /// [IllegalArgumentException] for anything else.
    public static ByteSize parse(String text) {
        var form = FORM.matcher(text);
        require(form.matches(), "not a size: `%s` (write for example 64MiB)", text);
        String unit = form.group(2).toLowerCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : 1 + "kmgt".indexOf(unit);
        try {
            return new ByteSize(
                    Math.multiplyExact(Long.parseLong(form.group(1)), 1L << (10 * power)));
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw new IllegalArgumentException("size too large: `" + text + "`", tooLarge);
        }
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /// The size in the largest unit that divides it, in a form that [#parse] reads back.
    @Override
    public String toString() {
        long value = bytes;
        int unit = 0;
        while (value != 0 && value % 1024 == 0 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return value + UNITS[unit];
    }
}
