package dev.holdfast.engine.owner;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.local.DatabaseOwner.Hint;
import dev.holdfast.engine.local.DatabaseOwner.Log;
import dev.holdfast.engine.local.DatabaseOwner.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The bytes of what owners leave: one flat JSON object of words and numbers.
final class OwnerText {
    private static final Pattern FIELD =
            Pattern.compile("\"([a-z_]+)\":(?:\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"|(\\d{1,18}))");
    private static final Pattern OBJECT =
            Pattern.compile("\\{" + FIELD.pattern() + "(?:," + FIELD.pattern() + ")*}\\n?");
    private static final int BYTES_MAX = 64 << 10;

    private OwnerText() {}

    static Bytes of(DatabaseOwner owner, @Nullable UUID database) {
        var fields = new LinkedHashMap<String, Object>();
        if (database != null) fields.put("database", database);
        fields.put("epoch", owner.epoch());
        if (owner.node() != null) fields.put("node", owner.node());
        fields.put("mode", wordOf(owner.mode()));
        fields.put("log", owner.log().name().toLowerCase(Locale.ROOT));
        fields.put("directory", owner.directory());
        fields.put("since_millis", owner.since().toEpochMilli());
        return encoded(fields);
    }

    static DatabaseOwner owner(String name, Bytes object) {
        Map<String, String> fields = decoded(name, object);
        try {
            String node = fields.get("node");
            return new DatabaseOwner(
                    Long.parseLong(there(fields, "epoch")),
                    node == null ? null : UUID.fromString(node),
                    modeOf(there(fields, "mode")),
                    Log.valueOf(fields.getOrDefault("log", "spare").toUpperCase(Locale.ROOT)),
                    fields.getOrDefault("directory", ""),
                    Instant.ofEpochMilli(Long.parseLong(there(fields, "since_millis"))),
                    null,
                    null);
        } catch (IllegalArgumentException wrong) {
            throw damaged(name, wrong);
        }
    }

    static Bytes of(Hint hint) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("at_millis", hint.at().toEpochMilli());
        fields.put("local_seq", hint.localSeq());
        fields.put("remote_seq", hint.remoteSeq());
        fields.put("bytes", hint.bytes());
        fields.put("age_millis", hint.age().toMillis());
        return encoded(fields);
    }

    static Hint hint(String name, Bytes object) {
        Map<String, String> fields = decoded(name, object);
        try {
            return new Hint(
                    Instant.ofEpochMilli(Long.parseLong(there(fields, "at_millis"))),
                    Long.parseLong(there(fields, "local_seq")),
                    Long.parseLong(there(fields, "remote_seq")),
                    Long.parseLong(there(fields, "bytes")),
                    Duration.ofMillis(Long.parseLong(there(fields, "age_millis"))));
        } catch (IllegalArgumentException wrong) {
            throw damaged(name, wrong);
        }
    }

    private static Bytes encoded(Map<String, Object> fields) {
        var text = new StringBuilder("{");
        fields.forEach((name, value) -> {
            if (1 < text.length()) text.append(',');
            text.append('"').append(name).append("\":");
            if (value instanceof Long number) text.append(number);
            else text.append('"').append(escaped(value.toString())).append('"');
        });
        return Bytes.utf8(text.append("}\n").toString());
    }

    // A path may hold anything; it is for people, so what cannot be shown may be lost.
    private static String escaped(String text) {
        return text.replaceAll("\\p{Cntrl}", "?").replaceAll("([\"\\\\])", "\\\\$1");
    }

    private static Map<String, String> decoded(String name, Bytes object) {
        String text = object.length() <= BYTES_MAX ? object.toUtf8() : "";
        if (!OBJECT.matcher(text).matches()) throw damaged(name, null);
        var fields = new LinkedHashMap<String, String>();
        Matcher field = FIELD.matcher(text);
        while (field.find()) {
            String word = field.group(2);
            fields.put(
                    field.group(1),
                    word == null ? field.group(3) : word.replaceAll("\\\\([\"\\\\])", "$1"));
        }
        return fields;
    }

    private static String there(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) throw new IllegalArgumentException("no " + name);
        return value;
    }

    private static String wordOf(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Mode modeOf(String word) {
        return Mode.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static CorruptData damaged(String name, @Nullable Exception wrong) {
        return new CorruptData("no word of an owner. object=`" + name + "`", wrong);
    }
}
