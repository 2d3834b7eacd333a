package dev.holdfast.redis.members;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A number as C's `long double` holds it on the machines that Redis runs on: 64 bits of mantissa,
/// 15 of exponent. Immutable.
///
/// INCRBYFLOAT computes in it, so the digits that clients see are those of its rounding.
///
/// @param value null for an infinity, whose sign nobody asks for: every sum with it is refused
public record LongDouble(@Nullable BigDecimal value) {
    /// Zero.
    public static final LongDouble ZERO = new LongDouble(BigDecimal.ZERO);

    private static final int MANTISSA_BITS = 64;
    private static final int EXPONENT_MAX = 16_384;
    private static final int EXPONENT_MIN = -16_445;
    private static final int TEXT_BYTES_MAX = 5 * 1024;
    private static final int DECIMALS = 17;
    private static final Pattern DECIMAL =
            Pattern.compile("([+-]?)(\\d+\\.?\\d*|\\.\\d+)(?:e([+-]?\\d+))?");
    private static final Pattern HEX =
            Pattern.compile(
                    "([+-]?)0x(?:([0-9a-f]+)\\.?([0-9a-f]*)|\\.([0-9a-f]+))(?:p([+-]?\\d+))?");
    private static final Pattern INFINITY = Pattern.compile("[+-]?inf(inity)?");

    /// The number that `bytes` spell, or an error.
    public static LongDouble parse(Bytes bytes) {
        return parse(bytes, RespError.NOT_A_FLOAT);
    }

    /// The number that `bytes` spell, or an error with the text `complaint`.
    public static LongDouble parse(Bytes bytes, String complaint) {
        LongDouble value = parseOrNull(bytes);
        if (value == null) throw new RespError(complaint);
        return value;
    }

    /// The number `value`, exactly.
    public static LongDouble of(double value) {
        return new LongDouble(Double.isInfinite(value) ? null : new BigDecimal(value));
    }

    /// True if it is no infinity.
    public boolean isFinite() {
        return value != null;
    }

    private static @Nullable LongDouble parseOrNull(Bytes bytes) {
        if (TEXT_BYTES_MAX <= bytes.length()) return null;
        String text =
                new String(bytes.toArray(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (INFINITY.matcher(text).matches()) return new LongDouble(null);
        Matcher decimal = DECIMAL.matcher(text);
        if (decimal.matches()) return finite(decimalOf(decimal));
        Matcher hex = HEX.matcher(text);
        if (hex.matches()) return finite(hexOf(hex));
        return null;
    }

    /// The sum, or an error if it is no number.
    public LongDouble plus(LongDouble other) {
        if (value == null || other.value == null) throw new RespError(RespError.NOT_A_NUMBER);
        BigDecimal sum = rounded(value.add(other.value));
        if (sum == null) throw new RespError(RespError.NOT_A_NUMBER);
        return new LongDouble(sum);
    }

    /// At most seventeen digits after the point, no exponent.
    @Override
    public String toString() {
        if (value == null) return "inf";
        BigDecimal shown = value.setScale(DECIMALS, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return shown.signum() == 0 ? "0" : shown.toPlainString();
    }

    private static @Nullable LongDouble finite(@Nullable BigDecimal exact) {
        BigDecimal rounded = exact == null ? null : rounded(exact);
        boolean isLost = rounded == null || rounded.signum() == 0 && exact.signum() != 0;
        if (isLost) return null;
        return new LongDouble(rounded);
    }

    private static @Nullable BigDecimal decimalOf(Matcher text) {
        BigDecimal digits = new BigDecimal(text.group(2));
        if (digits.signum() == 0) return BigDecimal.ZERO;
        long exponent = exponentOf(text.group(3));
        long magnitude = exponent + digits.precision() - digits.scale();
        if (Math.abs(magnitude) > EXPONENT_MAX) return null;
        BigDecimal number = digits.scaleByPowerOfTen((int) exponent);
        return text.group(1).equals("-") ? number.negate() : number;
    }

    private static @Nullable BigDecimal hexOf(Matcher text) {
        String fraction = text.group(2) == null ? text.group(4) : text.group(3);
        String whole = text.group(2) == null ? "" : text.group(2);
        var digits = new BigInteger("0" + whole + fraction, 16);
        if (digits.signum() == 0) return BigDecimal.ZERO;
        long exponent = exponentOf(text.group(5)) - 4L * fraction.length();
        if (Math.abs(exponent + digits.bitLength()) > 2L * EXPONENT_MAX) return null;
        BigDecimal number = new BigDecimal(digits).multiply(powerOfTwo((int) exponent));
        return text.group(1).equals("-") ? number.negate() : number;
    }

    // Exponents are cut to what no text of the permitted length can make up for.
    private static long exponentOf(@Nullable String text) {
        if (text == null) return 0;
        var exponent = new BigInteger(text);
        var limit = BigInteger.valueOf(1_000_000);
        return exponent.min(limit).max(limit.negate()).longValue();
    }

    /// The nearest number that a long double holds, ties to even; null beyond the greatest.
    private static @Nullable BigDecimal rounded(BigDecimal exact) {
        if (exact.signum() == 0) return BigDecimal.ZERO;
        int exponent = Math.max(binaryExponent(exact.abs()) - MANTISSA_BITS, EXPONENT_MIN);
        BigInteger mantissa =
                exact.multiply(powerOfTwo(-exponent))
                        .setScale(0, RoundingMode.HALF_EVEN)
                        .toBigInteger();
        if (EXPONENT_MAX < exponent + mantissa.bitLength()) return null;
        return new BigDecimal(mantissa).multiply(powerOfTwo(exponent));
    }

    /// The least `e` with `positive < 2^e`.
    private static int binaryExponent(BigDecimal positive) {
        int exponent = positive.toBigInteger().bitLength();
        if (0 < exponent) return exponent;
        int guess =
                (int) Math.floor((positive.precision() - positive.scale()) * 3.3219280948873626);
        while (positive.compareTo(powerOfTwo(guess)) < 0) guess--;
        while (powerOfTwo(guess).compareTo(positive) <= 0) guess++;
        return guess;
    }

    private static BigDecimal powerOfTwo(int exponent) {
        if (0 <= exponent) return new BigDecimal(BigInteger.ONE.shiftLeft(exponent));
        // 2^-n = 5^n / 10^n, exactly.
        return new BigDecimal(BigInteger.valueOf(5).pow(-exponent), -exponent);
    }
}
