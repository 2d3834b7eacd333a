package dev.holdfast.redis.differential;

import java.util.List;
import java.util.Random;

/// What calls are drawn from: words of all sorts, mostly sensible, some not. Follows a seed.
final class Dice {
    private static final String[] STRANGE_INTEGERS = {
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "+1",
        "01",
        "1.0",
        " 1",
        "1 ",
        "",
        "abc",
        "-0",
        "0x10",
        "99999999999999999999",
        "-1",
        "0",
    };
    private static final String[] STRANGE_FLOATS = {
        "3.0e3",
        "5.0e-10",
        "0x1p3",
        "1e4931",
        "-1e4931",
        "1e5000",
        "inf",
        "-inf",
        "+inf",
        "Infinity",
        "nan",
        "-nan",
        "abc",
        "",
        " 1",
        "1.",
        ".5",
        "+2.5",
        "1e-4950",
        "1e-4960",
        "1e308",
        "-1.7976931348623157e308",
        "1e309",
        "1e-310",
        "1e-400",
        "0.1",
        "123456789012345678",
        "9007199254740993",
        "-0.0",
        "1e",
        "179769313486231570000000000000000000000",
        "1.00000000000000000001",
        "0e99999999999",
        "--1",
    };
    private static final String[] STRANGE_OPTIONS = {
        "NX",
        "XX",
        "GT",
        "LT",
        "GET",
        "KEEPTTL",
        "PERSIST",
        "EX",
        "foo",
        "nx",
        "",
        "REPLACE",
        "LEN",
        "LIMIT",
        "COUNT",
        "WITHSCORES",
        "STORE"
    };
    private static final String[] PATTERNS = {
        "*",
        "k*",
        "k[0-4]",
        "k[^0-4]",
        "?5",
        "*\\*",
        "[",
        "k[",
        "k[\\1-3]",
        "**",
        "k?",
        "[k-a]*",
        "k\\1",
        "\\",
        "*[1-",
        "k[]1]",
        "k[^]",
        "k[1-",
        "*1*1*",
        ""
    };
    private static final String[] BYTES = {
        "a", "hello", "\0\0\0", "x\r\ny", "ohmytext", "mynewtext", "\u00ff\u00fe", "1", "42", "-7"
    };
    private static final String[] FAMILIES = {"k", "h", "s", "z", "l", "x", "b", "g"};

    private final Random random;

    Dice(long seed) {
        random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /// Any 64 bits.
    long word64() {
        return random.nextLong();
    }

    /// True once in `count` times.
    boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /// A key that mostly holds what the family of `prefix` keeps there.
    String key(String prefix) {
        if (oneIn(60)) return oneOf("", "\0", "\0\u00ff", "k*");
        String family = oneIn(25) ? oneOf(FAMILIES) : prefix;
        return family + random.nextInt(5);
    }

    /// A key of any family.
    String anyKey() {
        return key(oneOf(FAMILIES));
    }

    String value() {
        return switch (random.nextInt(14)) {
            case 0 -> "";
            case 1 -> "x".repeat(random.nextInt(80));
            case 2 -> oneIn(3) ? big() : member();
            case 3, 4, 5 -> integer();
            case 6 -> real();
            case 7, 8, 9 -> member();
            default -> oneOf(BYTES);
        };
    }

    /// A field or member out of a few, so that the same ones come again.
    String member() {
        return switch (random.nextInt(12)) {
            case 0 -> oneOf(BYTES);
            case 1 -> oneIn(6) ? "y".repeat(60 + random.nextInt(10)) : "";
            case 2, 3, 4, 5 -> Integer.toString(random.nextInt(40) - 10);
            default -> "m" + random.nextInt(30);
        };
    }

    String big() {
        var text = new StringBuilder();
        int length = oneIn(100) ? 1_000_000 + below(3_000_000) : 15_000 + below(40_000);
        while (text.length() < length) text.append((char) random.nextInt(256)).append("abc");
        return text.toString();
    }

    String integer() {
        return oneIn(6) ? oneOf(STRANGE_INTEGERS) : Integer.toString(random.nextInt(2000) - 1000);
    }

    String real() {
        return switch (random.nextInt(6)) {
            case 0 -> oneOf(STRANGE_FLOATS);
            case 1 ->
                    Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
            case 2 -> random.nextInt(100_000) + "." + random.nextInt(1_000_000);
            case 3 -> Float.toString(random.nextFloat());
            default -> Integer.toString(random.nextInt(20) - 5);
        };
    }

    /// A number of elements: mostly small, sometimes strange or negative.
    String count() {
        return switch (random.nextInt(8)) {
            case 0 -> oneOf("abc", "", "1.5", "9223372036854775808", "0");
            case 1 -> Integer.toString(-random.nextInt(5));
            case 2 -> Integer.toString(random.nextInt(200));
            default -> Integer.toString(1 + random.nextInt(5));
        };
    }

    String index() {
        return switch (random.nextInt(8)) {
            case 0 -> oneOf(STRANGE_INTEGERS);
            case 1 -> Integer.toString(random.nextInt(60_000));
            case 2 -> Integer.toString(-random.nextInt(60_000));
            default -> Integer.toString(random.nextInt(20) - 10);
        };
    }

    String pattern() {
        return oneIn(3) ? "m*" : oneOf(PATTERNS);
    }

    String strangeOption() {
        return oneOf(STRANGE_OPTIONS);
    }

    /// A time far enough that nothing expires while a test runs, or an error, or in the past.
    String amount() {
        return oneIn(4)
                ? oneOf(
                        "9223372036854775807",
                        "-9223372036854775808",
                        "9223372036854775",
                        "9223372036854776",
                        "0",
                        "-1",
                        "abc",
                        "",
                        "1.5")
                : farAway();
    }

    String farAway() {
        return Integer.toString(1_000_000 + random.nextInt(1_000_000_000));
    }

    String database() {
        return oneIn(10)
                ? oneOf("16", "-1", "abc", "99999999999", "2147483648")
                : Integer.toString(random.nextInt(3));
    }

    /// `word` in capitals or not.
    String word(String word) {
        return oneIn(8) ? word.toLowerCase(java.util.Locale.ROOT) : word;
    }

    /// Adds what `SCAN`'s relatives take behind the cursor.
    void scanOptions(List<String> words) {
        if (oneIn(2)) words.addAll(List.of(word("MATCH"), pattern()));
        if (oneIn(2)) words.addAll(List.of(word("COUNT"), oneOf("1000", "3", "20", "0", "abc")));
    }
}
