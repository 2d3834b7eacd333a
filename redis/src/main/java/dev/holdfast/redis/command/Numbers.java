package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Numbers as Redis reads them from words and values: strictly, no blanks, no plus sign, no leading
/// zeros.
public final class Numbers {
    private static final int INTEGER_DIGITS_MAX = 20;
    private static final int REAL_DIGITS_MAX = 5 * 1024;
    private static final Pattern REAL =
            Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern HEX =
            Pattern.compile(
                    "[+-]?0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)([pP][+-]?\\d+)?");
    private static final Pattern SIGNIFICANT =
            Pattern.compile("^[+-]?(0[xX][0.]*[1-9a-fA-F]|[0.]*[1-9])");
    private static final Pattern INFINITY = Pattern.compile("[+-]?inf(inity)?", 2);

    private Numbers() {}

    /// `bytes` as a signed 64-bit integer, or an error with the text `complaint`.
    public static long integer(Bytes bytes, String complaint) {
        Long value = integerOrNull(bytes);
        if (value == null) throw new RespError(complaint);
        return value;
    }

    /// `bytes` as a signed 64-bit integer in its one canonical form, or null.
    public static @Nullable Long integerOrNull(Bytes bytes) {
        int length = bytes.length();
        if (length == 0 || INTEGER_DIGITS_MAX < length) return null;
        boolean negative = bytes.at(0) == '-';
        int first = negative ? 1 : 0;
        if (first == length) return null;
        if (bytes.at(first) == '0') return length == 1 ? 0L : null;
        long value = 0; // negative throughout: its range holds every absolute value
        for (int i = first; i < length; i++) {
            int digit = bytes.at(i) - '0';
            if (digit < 0 || 9 < digit) return null;
            if (value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit) return null;
            value = value * 10 - digit;
        }
        if (negative) return value;
        return value == Long.MIN_VALUE ? null : -value;
    }

    /// `bytes` as a floating-point number, infinities included, or an error with `complaint`: also
    /// where it is too large or too small for one.
    public static double real(Bytes bytes, String complaint) {
        String text = bytes.length() < REAL_DIGITS_MAX ? bytes.toUtf8() : "";
        Double value = realOrNull(text);
        boolean isInfinite = value != null && Double.isInfinite(value);
        boolean isOverflow = isInfinite && !INFINITY.matcher(text).matches();
        boolean isUnderflow = value != null && value == 0 && SIGNIFICANT.matcher(text).find();
        if (value == null || isOverflow || isUnderflow) throw new RespError(complaint);
        return value;
    }

    /// `text` as C's strtod reads it when it takes all of it, but for numbers that are none; null
    /// if it does not.
    public static @Nullable Double realOrNull(String text) {
        if (INFINITY.matcher(text).matches())
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        if (REAL.matcher(text).matches()) return Double.parseDouble(text);
        if (!HEX.matcher(text).matches()) return null;
        boolean hasExponent = text.indexOf('p') >= 0 || text.indexOf('P') >= 0;
        return Double.parseDouble(hasExponent ? text : text + "p0");
    }

    /// `bytes` as C's strtod reads a text of its own: blanks may come first, nothing is zero, and a
    /// zero byte ends it. Null if it is no number.
    public static @Nullable Double loose(Bytes bytes) {
        int end = 0;
        while (end < bytes.length() && bytes.at(end) != 0) end++;
        int start = 0;
        while (start < end && isBlank(bytes.at(start))) start++;
        if (end == 0) return 0.0;
        String text = bytes.slice(start, end).toUtf8();
        return realOrNull(text);
    }

    /// Like [#loose], but null also for a number that is too large, or too near to zero.
    public static @Nullable Double looseInRange(Bytes bytes) {
        Double value = loose(bytes);
        if (value == null) return null;
        String text = bytes.toUtf8().strip();
        boolean isTooLarge = Double.isInfinite(value) && !INFINITY.matcher(text).matches();
        boolean isTooSmall =
                Math.abs(value) < Double.MIN_NORMAL && SIGNIFICANT.matcher(text).find();
        return isTooLarge || isTooSmall ? null : value;
    }

    private static boolean isBlank(byte letter) {
        return letter == ' ' || '\t' <= letter && letter <= '\r';
    }

    /// True if `bytes` is `keyword`, which is in capitals, whatever the case of its letters.
    public static boolean isKeyword(Bytes bytes, String keyword) {
        if (bytes.length() != keyword.length()) return false;
        for (int i = 0; i < keyword.length(); i++) {
            int letter = bytes.at(i);
            if ('a' <= letter && letter <= 'z') letter -= 'a' - 'A';
            if (letter != keyword.charAt(i)) return false;
        }
        return true;
    }
}
