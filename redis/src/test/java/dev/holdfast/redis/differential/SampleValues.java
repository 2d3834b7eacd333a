package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Calls that make a value of each type in each of the ways in which Redis 7.0 keeps it, small and
/// large, by key.
final class SampleValues {
    private static final String[] INTEGERS = {
        "0",
        "-1",
        "12",
        "127",
        "128",
        "-4096",
        "4095",
        "32767",
        "-32768",
        "8388607",
        "-8388609",
        "2147483647",
        "-2147483649",
        "9223372036854775807",
        "-9223372036854775808"
    };

    private final Map<String, List<List<String>>> calls = new LinkedHashMap<>();

    private SampleValues() {
        strings();
        lists();
        sets();
        sortedSets();
        hashes();
        streams();
    }

    /// The calls by the key of the value that they make.
    static Map<String, List<List<String>>> all() {
        return new SampleValues().calls;
    }

    private void strings() {
        call("s:empty", "SET", "s:empty", "");
        for (String each : INTEGERS) call("s:" + each, "SET", "s:" + each, each);
        call("s:text", "SET", "s:text", "\0\r\n\u00ff text");
        call("s:raw", "APPEND", "s:raw", "short but appended");
        call("s:leading", "SET", "s:leading", "007");
        call("s:compressible", "SET", "s:compressible", "abcdefgh".repeat(700));
        call("s:zeros", "SETRANGE", "s:zeros", "3000000", "end");
        call("s:noise", "SET", "s:noise", noise(1, 2_500_000));
        call("s:expires", "SET", "s:expires", "soon", "PX", "100000000");
        call("s:bits", "SETBIT", "s:bits", "7", "1");
        call("s:loglog", "PFADD", "s:loglog", "a", "b", "c");
    }

    private void lists() {
        call("l:one", "RPUSH", "l:one", "");
        push("l:integers", "RPUSH", List.of(INTEGERS));
        push("l:long", "RPUSH", numbered("element-", 3000));
        call("l:huge", "RPUSH", "l:huge", "a", noise(2, 20_000), "z".repeat(300_000), "b");
        push("l:inserted", "RPUSH", numbered("", 500));
        call("l:inserted", "LINSERT", "l:inserted", "BEFORE", "250", "between");
        call("l:inserted", "EXPIRE", "l:inserted", "100000");
    }

    private void sets() {
        push("t:16", "SADD", List.of("1", "-2", "300", "32767"));
        push("t:32", "SADD", List.of("1", "-2", "70000"));
        push("t:64", "SADD", List.of(INTEGERS));
        push("t:512", "SADD", numbered("", 512));
        push("t:513", "SADD", numbered("", 513));
        push("t:words", "SADD", List.of("", "a", "1", "long ".repeat(100)));
        push("t:many", "SADD", numbered("member:", 4000));
        push("t:back", "SADD", List.of("1", "2", "x"));
        call("t:back", "SREM", "t:back", "x");
    }

    private void sortedSets() {
        call("z:few", "ZADD", "z:few", "1", "a", "-2.5", "b", "inf", "c", "-inf", "d", "3e20", "5");
        call("z:same", "ZADD", "z:same", "0", "", "0", "b", "0", "a", "-0.0", "n");
        call("z:long", "ZADD", "z:long", "1.1", "m".repeat(65), "-0.0", "zero", "0", "other");
        for (int size : new int[] {128, 129, 3000}) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                words.add(i % 5 == 0 ? "-0.0" : Double.toString(Math.sin(i) * i));
                words.add("m" + i);
            }
            push("z:" + size, "ZADD", words);
        }
        call("z:places", "GEOADD", "z:places", "13.361389", "38.115556", "Palermo");
    }

    private void hashes() {
        call("h:few", "HSET", "h:few", "a", "1", "", "", "300", "-5", "b", "\0bytes\u00fe");
        call("h:value", "HSET", "h:value", "a", "v".repeat(65), "b", "1");
        call("h:field", "HSET", "h:field", "f".repeat(5000), "x");
        List<String> most = new ArrayList<>();
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            if (i < 128) most.addAll(List.of("f" + i, "" + i * 1000));
            many.addAll(List.of("field:" + i, "value of " + i));
        }
        push("h:128", "HSET", most);
        push("h:many", "HSET", many);
        call("h:many", "PEXPIRE", "h:many", "123456789");
    }

    private void streams() {
        call("x:one", "XADD", "x:one", "5-3", "field", "value");
        for (int i = 1; i <= 350; i++) {
            String wide = i % 7 == 0 ? "other" : "a";
            call("x:many", "XADD", "x:many", i * 10 + "-" + i, wide, "" + i, "b", "w".repeat(i));
        }
        for (int i = 20; i < 300; i += 13) call("x:many", "XDEL", "x:many", i * 10 + "-" + i);
        call("x:many", "XTRIM", "x:many", "MAXLEN", "300");
        call("x:wide", "XADD", "x:wide", "1-1", "f", noise(3, 70_000));
        call("x:wide", "XADD", "x:wide", "18446744073709551615-1", "f", "", "", "g");
        call("x:none", "XGROUP", "CREATE", "x:none", "group", "$", "MKSTREAM");
        call("x:emptied", "XADD", "x:emptied", "7-7", "a", "b");
        call("x:emptied", "XDEL", "x:emptied", "7-7");
        String key = "x:groups";
        for (int i = 1; i <= 60; i++) call(key, "XADD", key, i + "-0", "n", "" + i);
        call(key, "XGROUP", "CREATE", key, "first", "0");
        call(key, "XGROUP", "CREATE", key, "second\0\u00ff", "20-0", "ENTRIESREAD", "20");
        call(key, "XGROUP", "CREATE", key, "12345", "$");
        call(key, "XGROUP", "CREATECONSUMER", key, "first", "idle");
        read(key, "first", "alice", 20);
        read(key, "first", "7", 15);
        read(key, "second\0\u00ff", "bob", 100);
        call(key, "XACK", key, "first", "1-0", "22-0", "23-0");
        call(key, "XCLAIM", key, "first", "bob", "0", "5-0", "6-0", "RETRYCOUNT", "9");
        call(key, "XDEL", key, "10-0");
    }

    private void read(String key, String group, String consumer, int count) {
        call(key, "XREADGROUP", "GROUP", group, consumer, "COUNT", "" + count, "STREAMS", key, ">");
    }

    private void push(String key, String command, List<String> words) {
        List<String> call = new ArrayList<>(List.of(command, key));
        call.addAll(words);
        calls.computeIfAbsent(key, _ -> new ArrayList<>()).add(call);
    }

    private void call(String key, String... words) {
        calls.computeIfAbsent(key, _ -> new ArrayList<>()).add(List.of(words));
    }

    private static List<String> numbered(String name, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) words.add(name + i);
        return words;
    }

    private static String noise(long seed, int length) {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.length() < length) text.append((char) random.nextInt(256));
        return text.toString();
    }
}
