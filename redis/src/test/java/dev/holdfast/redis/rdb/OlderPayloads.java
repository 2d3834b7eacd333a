package dev.holdfast.redis.rdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Payloads in forms that Redis 7.0 reads but does not write any more, made by hand. Each character
/// is a byte.
public final class OlderPayloads {
    private static final List<String> WORDS =
            List.of("a", "", "0", "12", "13", "-1", "127", "-128", "300", "-40000", "8388607");
    private static final List<String> PAIRS =
            List.of("field", "1", "b", "2.5", "long".repeat(15), "-70000", "c", "5000000000");

    // Redis takes their order as it is.
    private static final List<String> SCORES =
            List.of("minus", "-70000", "a", "1", "field", "1", "b", "2.5", "c", "5000000000");

    private OlderPayloads() {}

    /// Those that are right, by the key to put them at.
    public static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("list", payload(1, length(3) + text("a") + text("") + "\u00c0\u0085"));
        all.put("zset as text", payload(3, length(4) + scores()));
        all.put("hash zipmap", payload(9, text(zipmap(PAIRS))));
        all.put("list ziplist", payload(10, text(ziplist(WORDS))));
        all.put("intset 16", payload(11, text(little(2, 4) + little(2, 4) + "\1\0\2\1")));
        all.put("zset ziplist", payload(12, text(ziplist(SCORES))));
        all.put("hash ziplist", payload(13, text(ziplist(PAIRS))));
        all.put(
                "list quicklist",
                payload(
                        14,
                        length(2)
                                + text(ziplist(WORDS))
                                + text(ziplist(List.of("x".repeat(300))))));
        all.put("list plain node", payload(18, length(1) + length(1) + text("plain".repeat(10))));
        all.put("compressed", payload(0, "\u00c3" + length(6) + length(12) + "\1ab\u00e0\1\1"));
        all.put("stream 1", payload(15, stream(15)));
        all.put("stream 2", payload(19, stream(19)));
        return all;
    }

    /// Those of Redis 7.2, which 7.0 does not read.
    public static Map<String, String> newer() {
        Map<String, String> newer = new LinkedHashMap<>();
        newer.put("set listpack", payload(20, text(listpack(List.of("a", "7", "bc")))));
        newer.put("stream 3", payload(21, stream(21)));
        return newer;
    }

    /// Those that contradict themselves.
    public static Map<String, String> contradictions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("set twice", payload(2, length(2) + text("a") + text("a")));
        all.put("hash twice", payload(13, text(ziplist(List.of("a", "1", "a", "2")))));
        all.put("hash odd", payload(13, text(ziplist(List.of("a", "1", "b")))));
        all.put("zset nan", payload(3, length(1) + text("a") + "\u00fd"));
        all.put("set empty", payload(2, length(0)));
        all.put("list empty", payload(10, text(ziplist(List.of()))));
        all.put("type", payload(99, length(0)));
        all.put("module", payload(7, length(0) + length(0)));
        all.put("huge", payload(1, "\u0081\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"));
        all.put("long", payload(0, "\u0080\u001f\u00ff\u00ff\u00ffabc"));
        all.put("stream", payload(15, stream(15).substring(0, 40)));
        all.put("nothing", sealed(""));
        return all;
    }

    private static String payload(int type, String body) {
        return sealed((char) type + body);
    }

    /// `body` with version and checksum.
    public static String sealed(String body) {
        String versioned = body + little(9, 2);
        var crc = new Crc64();
        crc.update(versioned.getBytes(ISO_8859_1), 0, versioned.length());
        return versioned + little(crc.value(), 8);
    }

    private static String scores() {
        return text("a") + "\0031.5" + text("b") + "\u00fe" + text("c") + "\u00ff" + text("d")
                + "\2-7";
    }

    // Two entries, the second deleted in the block; a group with one pending entry of one consumer.
    private static String stream(int type) {
        String listpack =
                listpack(
                        List.of("2", "1", "1", "f", "0"),
                        List.of("2", "0", "0", "v", "4"),
                        List.of("3", "1", "0", "w", "4"),
                        List.of("0", "2", "5", "1", "g", "x", "6"));
        String later = type == 15 ? "" : length(7) + length(0) + length(8) + length(0) + length(5);
        String raw = big(7) + big(0);
        return length(1)
                + text(raw)
                + text(listpack)
                + length(2)
                + length(9)
                + length(5)
                + later
                + length(1)
                + text("group")
                + length(7)
                + length(0)
                + (type == 15 ? "" : length(1))
                + length(1)
                + raw
                + little(1_700_000_000_000L, 8)
                + length(3)
                + length(1)
                + text("consumer")
                + little(1_700_000_000_001L, 8)
                + (type == 21 ? little(1_700_000_000_002L, 8) : "")
                + length(1)
                + raw;
    }

    @SafeVarargs
    private static String listpack(List<String>... parts) {
        var elements = new StringBuilder();
        int count = 0;
        for (List<String> part : parts) {
            for (String each : part) {
                boolean isNumber = each.matches("\\d+");
                String element =
                        isNumber
                                ? (char) Integer.parseInt(each) + ""
                                : (char) (0x80 | each.length()) + each;
                elements.append(element).append((char) element.length());
                count++;
            }
        }
        return little(7 + elements.length(), 4) + little(count, 2) + elements + "\u00ff";
    }

    private static String zipmap(List<String> pairs) {
        var map = new StringBuilder().append((char) (pairs.size() / 2));
        for (int i = 0; i < pairs.size(); i += 2) {
            String value = pairs.get(i + 1);
            map.append((char) pairs.get(i).length()).append(pairs.get(i));
            map.append((char) value.length()).append((char) 2).append(value).append("??");
        }
        return map.append('\u00ff').toString();
    }

    private static String ziplist(List<String> words) {
        var entries = new StringBuilder();
        int last = 10;
        int before = 0;
        for (String word : words) {
            last = 10 + entries.length();
            String element =
                    (before < 254 ? (char) before + "" : "\u00fe" + little(before, 4))
                            + element(word);
            entries.append(element);
            before = element.length();
        }
        int bytes = 11 + entries.length();
        return little(bytes, 4) + little(last, 4) + little(words.size(), 2) + entries + "\u00ff";
    }

    private static String element(String word) {
        boolean isNumber = word.matches("-?\\d{1,18}");
        if (!isNumber) {
            int length = word.length();
            return length < 64
                    ? (char) length + word
                    : (char) (0x40 | length >> 8) + "" + (char) (length & 0xff) + word;
        }
        long value = Long.parseLong(word);
        if (0 <= value && value <= 12) return (char) (0xf1 + value) + "";
        if (value == (byte) value) return "\u00fe" + little(value, 1);
        if (value == (short) value) return "\u00c0" + little(value, 2);
        if (value == value << 40 >> 40) return "\u00f0" + little(value, 3);
        if (value == (int) value) return "\u00d0" + little(value, 4);
        return "\u00e0" + little(value, 8);
    }

    private static String text(String bytes) {
        return length(bytes.length()) + bytes;
    }

    private static String length(int value) {
        if (value < 64) return (char) value + "";
        return (char) (0x40 | value >> 8) + "" + (char) (value & 0xff);
    }

    private static String little(long value, int bytes) {
        var text = new ByteArrayOutputStream();
        for (int i = 0; i < bytes; i++) text.write((int) (value >>> 8 * i));
        return text.toString(ISO_8859_1);
    }

    private static String big(long value) {
        return new StringBuilder(little(value, 8)).reverse().toString();
    }
}
