package dev.holdfast.format.manifest;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import java.math.BigInteger;

/// The mark below which a collector may have removed numbered objects, as its file says it: a
/// decimal number, and nothing else.
public final class BoundaryMark {
    private static final int DIGITS_MAX = 20;

    private BoundaryMark() {}

    /// The number in `file`; one too large for a signed long is the largest of those. Throws
    /// [FormatException] if it is no number.
    public static long decode(Bytes file) {
        FormatException.require(file.length() <= DIGITS_MAX, "mark too long. at", file.length());
        String text = file.toUtf8();
        boolean isNumber = !text.isEmpty() && text.chars().allMatch(BoundaryMark::isDigit);
        FormatException.require(isNumber, "mark is no number. length", file.length());
        return new BigInteger(text).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    }

    /// The file that says `mark`.
    public static Bytes encode(long mark) {
        require(0 <= mark, "mark=%d", mark);
        return Bytes.utf8(Long.toString(mark));
    }

    private static boolean isDigit(int character) {
        return '0' <= character && character <= '9';
    }
}
