package dev.holdfast.redis.script.lua;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Values of Lua: what type they are of, and how numbers and strings become each other. Nil is
/// null, a boolean a `Boolean`, a number a `Double`.
public final class Values {
    private static final double PLAIN_MAX = 1e14;
    private static final int NUMBER_BYTES_MAX = 512;

    private Values() {}

    /// The name of the type of `value`.
    public static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case Boolean _ -> "boolean";
            case Double _ -> "number";
            case LuaString _ -> "string";
            case LuaTable _ -> "table";
            case LuaFunction _ -> "function";
            case Coroutine _ -> "thread";
            default -> "userdata";
        };
    }

    /// True unless `value` is nil or false.
    public static boolean isTrue(@Nullable Object value) {
        return value != null && value != Boolean.FALSE;
    }

    /// True if two values are the same without asking metatables.
    public static boolean areSame(@Nullable Object one, @Nullable Object other) {
        if (one == other) return !(one instanceof Double number && number.isNaN());
        if (one instanceof Double a && other instanceof Double b) return (double) a == (double) b;
        return one instanceof LuaString && one.equals(other);
    }

    /// `value` as a string if it is one, or a number; null if not.
    public static @Nullable LuaString stringOrNull(@Nullable Object value) {
        if (value instanceof LuaString string) return string;
        return value instanceof Double number ? LuaString.of(text(number)) : null;
    }

    /// `value` as a number if it is one, or a string that tells one; null if not.
    public static @Nullable Double numberOrNull(@Nullable Object value) {
        if (value instanceof Double number) return number;
        return value instanceof LuaString string ? parse(string) : null;
    }

    /// What `%.14g` prints in C.
    public static String text(double number) {
        if (number == Math.rint(number) && Math.abs(number) < PLAIN_MAX) {
            long whole = (long) number;
            return whole == 0 && 1 / number < 0 ? "-0" : Long.toString(whole);
        }
        return general(number, 14);
    }

    /// What `%.<digits>g` prints in C.
    public static String general(double number, int digits) {
        if (Double.isNaN(number)) return isNegative(number) ? "-nan" : "nan";
        if (Double.isInfinite(number)) return 0 < number ? "inf" : "-inf";
        if (number == 0) return 1 / number < 0 ? "-0" : "0";
        BigDecimal rounded =
                new BigDecimal(number)
                        .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (-5 < exponent && exponent < digits) return rounded.toPlainString();
        String shown = rounded.unscaledValue().abs().toString();
        String fraction = shown.length() == 1 ? "" : "." + shown.substring(1);
        String power = (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "");
        return (number < 0 ? "-" : "") + shown.charAt(0) + fraction + power + Math.abs(exponent);
    }

    /// True if the sign of `number`, which may be no number, is negative.
    public static boolean isNegative(double number) {
        return Double.doubleToRawLongBits(number) < 0;
    }

    /// What a cast of C makes of `number`: what does not fit becomes the least.
    public static long integer(double number) {
        boolean fits = -0x1p63 <= number && number < 0x1p63;
        return fits ? (long) number : Long.MIN_VALUE;
    }

    /// The number that `text` tells, blanks around it left out; null if it tells none.
    public static @Nullable Double parse(LuaString text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.at(start))) start++;
        while (start < end && isBlank(text.at(end - 1))) end--;
        if (start == end || NUMBER_BYTES_MAX < end - start) return null;
        byte[] bytes = text.array();
        return parse(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
    }

    /// The number that `word` tells; null if it tells none.
    public static @Nullable Double parse(String word) {
        int at = word.startsWith("-") || word.startsWith("+") ? 1 : 0;
        double sign = word.startsWith("-") ? -1 : 1;
        if (word.startsWith("0x", at) || word.startsWith("0X", at)) {
            Double whole = hexadecimal(word, at + 2);
            return whole == null ? null : sign * whole;
        }
        String name = word.substring(at).toLowerCase(java.util.Locale.ROOT);
        if (name.equals("inf") || name.equals("infinity")) return sign * Double.POSITIVE_INFINITY;
        if (name.equals("nan")) return Double.longBitsToDouble(sign < 0 ? -1L << 51 : 0xfffL << 51);
        return isDecimal(word, at) ? (Double) Double.parseDouble(word) : null;
    }

    private static boolean isDecimal(String word, int from) {
        int at = from;
        int digits = 0;
        while (at < word.length() && isDigit(word.charAt(at))) {
            at++;
            digits++;
        }
        if (at < word.length() && word.charAt(at) == '.') {
            at++;
            while (at < word.length() && isDigit(word.charAt(at))) {
                at++;
                digits++;
            }
        }
        if (digits == 0) return false;
        if (at == word.length()) return true;
        if (Character.toLowerCase(word.charAt(at++)) != 'e') return false;
        if (at < word.length() && (word.charAt(at) == '-' || word.charAt(at) == '+')) at++;
        int firstOfExponent = at;
        while (at < word.length() && isDigit(word.charAt(at))) at++;
        return at == word.length() && firstOfExponent < at;
    }

    // As C's strtod reads it, with a fraction and a power of two.
    private static @Nullable Double hexadecimal(String word, int from) {
        String digits = word.substring(from);
        boolean isHex = digits.matches("(?i)([0-9a-f]+\\.?[0-9a-f]*|\\.[0-9a-f]+)(p[+-]?\\d+)?");
        if (!isHex) return null;
        boolean hasPower = digits.indexOf('p') >= 0 || digits.indexOf('P') >= 0;
        return Double.parseDouble("0x" + digits + (hasPower ? "" : "p0"));
    }

    private static boolean isDigit(char letter) {
        return '0' <= letter && letter <= '9';
    }

    /// True if `letter` is white space to C.
    public static boolean isBlank(int letter) {
        return letter == ' ' || '\t' <= letter && letter <= '\r';
    }
}
