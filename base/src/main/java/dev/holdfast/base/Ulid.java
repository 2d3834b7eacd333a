package dev.holdfast.base;

import static dev.holdfast.base.Checks.require;

/// A 128-bit identifier that sorts by time: 48 bits of milliseconds, then 80 random bits.
///
/// Its text is 26 characters of Crockford's base 32, upper case (https://github.com/ulid/spec).
/// Ordered as unsigned 128-bit numbers, which is also the order of the texts.
public record Ulid(long high, long low) implements Comparable<Ulid> {
    /// Length of the text form.
    public static final int TEXT_LENGTH = 26;

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final long TIME_MAX = 1L << 48;

    /// A fresh one at the wall clock of `env`.
    public static Ulid next(Env env) {
        return at(env, env.currentTimeMillis());
    }

    /// A fresh one that carries `timeMillis`, which is in `[0, 2^48)`.
    public static Ulid at(Env env, long timeMillis) {
        require(0 <= timeMillis && timeMillis < TIME_MAX, "time out of range: %d", timeMillis);
        return new Ulid(timeMillis << 16 | (env.randomLong() & 0xffff), env.randomLong());
    }

    /// Reads the text form. Throws [IllegalArgumentException] for anything else.
    public static Ulid parse(String text) {
        require(text.length() == TEXT_LENGTH && text.charAt(0) <= '7', "not a ULID: `%s`", text);
        long high = 0;
        long low = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            require(0 <= digit, "not a ULID: `%s`", text);
            high = high << 5 | low >>> 59;
            low = low << 5 | digit;
        }
        return new Ulid(high, low);
    }

    /// The time it carries, in milliseconds since the Unix epoch.
    public long timeMillis() {
        return high >>> 16;
    }

    @Override
    public int compareTo(Ulid other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /// The text form.
    @Override
    public String toString() {
        var text = new char[TEXT_LENGTH];
        long highRest = high;
        long lowRest = low;
        for (int i = TEXT_LENGTH - 1; 0 <= i; i--) {
            text[i] = ALPHABET.charAt((int) (lowRest & 31));
            lowRest = lowRest >>> 5 | highRest << 59;
            highRest >>>= 5;
        }
        return new String(text);
    }
}
