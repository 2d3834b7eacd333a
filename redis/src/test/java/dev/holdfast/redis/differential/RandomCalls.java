package dev.holdfast.redis.differential;

import dev.holdfast.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Calls of the commands on strings and keys, drawn from a seed: mostly sensible, some not.
final class RandomCalls {
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
        "nan",
        "abc",
        "",
        " 1",
        "1.",
        ".5",
        "+2.5",
        "1e-4950",
        "1e-4960",
        "0.1",
        "123456789012345678",
        "-0.0",
        "1e",
        "179769313486231570000000000000000000000",
        "1.00000000000000000001",
        "0e99999999999",
        "--1",
    };
    private static final String[] STRANGE_OPTIONS = {
        "NX", "XX", "GT", "LT", "GET", "KEEPTTL", "PERSIST", "EX", "foo", "nx", "", "REPLACE", "LEN"
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

    private final Random random;

    RandomCalls(long seed) {
        random = new Random(seed);
    }

    List<Bytes> next() {
        List<String> words = new ArrayList<>();
        switch (random.nextInt(5)) {
            case 0 -> whole(words);
            case 1, 2 -> string(words);
            case 3 -> expiry(words);
            default -> key(words);
        }
        boolean isFree = !Set.of("SELECT", "LPUSH").contains(words.getFirst());
        if (isFree && 1 < words.size() && random.nextInt(60) == 0) words.removeLast();
        if (isFree && random.nextInt(60) == 0) words.add(oneOf(STRANGE_OPTIONS));
        return words.stream()
                .map(word -> Bytes.wrap(word.getBytes(StandardCharsets.ISO_8859_1)))
                .toList();
    }

    private void whole(List<String> words) {
        switch (random.nextInt(8)) {
            case 0 -> set(words);
            case 1 -> add(words, oneOf("GET", "STRLEN", "GETDEL"), key());
            case 2 -> add(words, oneOf("GETSET", "SETNX", "APPEND"), key(), value());
            case 3 -> {
                add(words, oneOf("MSET", "MSETNX"));
                for (int i = random.nextInt(4); 0 <= i; i--) add(words, key(), value());
            }
            case 4 -> keys(words, oneOf("MGET", "EXISTS", "DEL", "UNLINK", "TOUCH"));
            case 5 -> add(words, oneOf("SETEX", "PSETEX"), key(), amount(), value());
            case 6 -> {
                add(words, "GETEX", key());
                expiryOption(words);
            }
            default -> set(words);
        }
    }

    private void set(List<String> words) {
        add(words, "SET", key(), value());
        if (random.nextInt(3) == 0) expiryOption(words);
        for (int i = random.nextInt(3); 0 < i; i--)
            words.add(oneOf("NX", "XX", "GET", "KEEPTTL", "get", oneOf(STRANGE_OPTIONS)));
    }

    private void expiryOption(List<String> words) {
        switch (random.nextInt(5)) {
            case 0 -> add(words, oneOf("EX", "PX", "px"), amount());
            case 1 -> add(words, "EXAT", Long.toString(4_000_000_000L + random.nextInt(1000)));
            case 2 -> add(words, "PXAT", Long.toString(4_000_000_000_000L + random.nextInt(1000)));
            case 3 -> words.add(oneOf("PERSIST", "KEEPTTL"));
            default -> {}
        }
    }

    private void string(List<String> words) {
        switch (random.nextInt(8)) {
            case 0 -> add(words, oneOf("INCR", "DECR"), key());
            case 1 -> add(words, oneOf("INCRBY", "DECRBY"), key(), integer());
            case 2 -> add(words, "INCRBYFLOAT", key(), real());
            case 3 -> add(words, oneOf("GETRANGE", "SUBSTR"), key(), index(), index());
            case 4 -> add(words, "SETRANGE", key(), index(), value());
            case 5 -> add(words, "APPEND", key(), value());
            case 6 -> add(words, "SET", key(), oneOf(integer(), real()));
            default -> {
                add(words, "LCS", smallKey(), smallKey());
                for (int i = random.nextInt(4); 0 < i; i--)
                    words.add(oneOf("LEN", "IDX", "WITHMATCHLEN", "MINMATCHLEN", "1", "2"));
            }
        }
    }

    private void expiry(List<String> words) {
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                String name = oneOf("EXPIRE", "PEXPIRE");
                add(words, name, key(), random.nextInt(4) == 0 ? amount() : farAway());
                if (random.nextInt(2) == 0) words.add(oneOf("NX", "XX", "GT", "LT", "lt"));
                if (random.nextInt(8) == 0) words.add(oneOf("NX", "XX", "GT", "LT", "no"));
            }
            case 2 -> {
                String seconds = Long.toString(random.nextLong(4_000_000_000L));
                add(words, oneOf("EXPIREAT", "PEXPIREAT"), key(), seconds);
                if (random.nextInt(2) == 0) words.add(oneOf("NX", "XX", "GT", "LT"));
            }
            case 3 ->
                    add(words, oneOf("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "PERSIST"), key());
            default -> add(words, "TTL", key());
        }
    }

    private void key(List<String> words) {
        switch (random.nextInt(12)) {
            case 0 -> add(words, oneOf("RENAME", "RENAMENX"), key(), key());
            case 1 -> {
                add(words, "COPY", key(), key());
                if (random.nextInt(3) == 0) add(words, "DB", database());
                if (random.nextInt(2) == 0) words.add("REPLACE");
            }
            case 2 -> add(words, "MOVE", key(), database());
            case 3 -> add(words, "TYPE", key());
            case 4 -> add(words, "KEYS", oneOf(PATTERNS));
            case 5 -> {
                add(words, "SCAN", oneOf("0", "0", "0", "abc", "", "18446744073709551616"));
                if (random.nextInt(2) == 0) add(words, "MATCH", oneOf(PATTERNS));
                if (random.nextInt(3) == 0) add(words, "TYPE", oneOf("string", "LIST", "none"));
                add(words, "COUNT", oneOf("1000", "1000", "9223372036854775807", "0", "-1", "abc"));
            }
            case 6 -> words.add("DBSIZE");
            case 7 -> add(words, "OBJECT", oneOf("ENCODING", "encoding", "FREQ", "HELP"), key());
            case 8 -> add(words, "SWAPDB", database(), database());
            case 9 -> {
                if (random.nextInt(8) == 0) words.add(oneOf("FLUSHDB", "FLUSHALL"));
                else add(words, "SELECT", oneOf("0", "0", "1"));
            }
            default -> keys(words, oneOf("EXISTS", "DEL", "TOUCH", "LPUSH"));
        }
    }

    private void keys(List<String> words, String command) {
        words.add(command);
        int more = command.equals("LPUSH") ? 1 : 1 + random.nextInt(3);
        for (int i = 0; i < more; i++) words.add(key());
    }

    private String key() {
        return random.nextInt(20) == 0 ? oneOf("", "\0", "\0\u00ff", "k*") : smallKey();
    }

    private String smallKey() {
        return "k" + random.nextInt(10);
    }

    private String value() {
        return switch (random.nextInt(12)) {
            case 0 -> "";
            case 1 -> "x".repeat(random.nextInt(60));
            case 2 -> big();
            case 3, 4, 5 -> integer();
            case 6 -> real();
            default -> oneOf(BYTES);
        };
    }

    private String big() {
        var text = new StringBuilder();
        int length = 15_000 + random.nextInt(40_000);
        while (text.length() < length) text.append((char) random.nextInt(256)).append("abc");
        return text.toString();
    }

    private String integer() {
        return random.nextInt(5) == 0
                ? oneOf(STRANGE_INTEGERS)
                : Integer.toString(random.nextInt(2000) - 1000);
    }

    private String real() {
        return switch (random.nextInt(4)) {
            case 0 -> oneOf(STRANGE_FLOATS);
            case 1 ->
                    Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
            case 2 -> Integer.toString(random.nextInt(100_000)) + "." + random.nextInt(1_000_000);
            default -> Float.toString(random.nextFloat());
        };
    }

    private String index() {
        return switch (random.nextInt(6)) {
            case 0 -> oneOf(STRANGE_INTEGERS);
            case 1 -> Integer.toString(random.nextInt(60_000));
            case 2 -> Integer.toString(-random.nextInt(60_000));
            default -> Integer.toString(random.nextInt(20) - 10);
        };
    }

    // Long enough that nothing expires while the test runs, or an error, or in the past.
    private String amount() {
        return random.nextInt(4) == 0 ? oneOf(STRANGE_INTEGERS_OF_TIME) : farAway();
    }

    private static final String[] STRANGE_INTEGERS_OF_TIME = {
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775",
        "9223372036854776",
        "0",
        "-1",
        "abc",
        "",
        "1.5"
    };

    private String farAway() {
        return Integer.toString(1_000_000 + random.nextInt(1_000_000_000));
    }

    private String database() {
        return random.nextInt(10) == 0
                ? oneOf("16", "-1", "abc", "99999999999", "2147483648")
                : Integer.toString(random.nextInt(3));
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
