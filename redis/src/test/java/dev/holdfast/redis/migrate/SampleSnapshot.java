package dev.holdfast.redis.migrate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.redis.rdb.OlderPayloads;
import dev.holdfast.redis.rdb.RdbKind;
import dev.holdfast.redis.rdb.RdbPart;
import dev.holdfast.redis.rdb.RdbReader;
import dev.holdfast.redis.rdb.RdbRecord;
import dev.holdfast.redis.rdb.RdbType;
import dev.holdfast.redis.rdb.RdbWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A snapshot with small and large values of all types in two databases, and what is in one.
final class SampleSnapshot {
    static final int KEYS = 306;
    static final long FAR_AWAY = 4_000_000_000_000L;

    private static final int LARGE = 1500;

    private SampleSnapshot() {}

    static byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        var writer = new RdbWriter(bytes);
        writer.database(0, 0, 0);
        for (int i = 0; i < 150; i++) small(writer, i);
        hash(writer);
        list(writer);
        stream(writer, "stream");
        writer.database(7, 0, 0);
        for (int i = 150; i < 300; i++) small(writer, i);
        zset(writer);
        text(writer);
        stream(writer, "other");
        writer.end();
        return bytes.toByteArray();
    }

    private static void small(RdbWriter writer, int i) {
        long expiry = i % 3 == 0 ? FAR_AWAY + i : RdbRecord.Key.NO_EXPIRY;
        RdbType type = i % 2 == 0 ? RdbType.STRING : RdbType.SET;
        writer.key(utf8("key:" + i), type, expiry);
        if (type == RdbType.SET) writer.out().length(1);
        writer.out().string(utf8("value " + "v".repeat(i)));
    }

    private static void hash(RdbWriter writer) {
        writer.key(utf8("hash"), RdbType.HASH, FAR_AWAY);
        writer.out().length(LARGE);
        for (int i = 0; i < 2 * LARGE; i++) writer.out().string(utf8("f" + i));
    }

    private static void list(RdbWriter writer) {
        writer.key(utf8("list"), RdbType.LIST, RdbRecord.Key.NO_EXPIRY);
        writer.out().length(LARGE);
        for (int i = 0; i < LARGE; i++) writer.out().string(utf8("element " + i));
    }

    private static void zset(RdbWriter writer) {
        writer.key(utf8("zset"), RdbType.ZSET_2, RdbRecord.Key.NO_EXPIRY);
        writer.out().length(LARGE);
        for (int i = 0; i < LARGE; i++) {
            writer.out().string(utf8("m" + i));
            writer.out().le64(Double.doubleToLongBits(i / 3.0));
        }
    }

    private static void text(RdbWriter writer) {
        writer.key(utf8("text"), RdbType.STRING, RdbRecord.Key.NO_EXPIRY);
        writer.out().string(utf8("long text, ".repeat(450_000)));
    }

    private static void stream(RdbWriter writer, String key) {
        writer.key(utf8(key), RdbType.STREAM_LISTPACKS_2, RdbRecord.Key.NO_EXPIRY);
        String payload = OlderPayloads.all().get("stream 2");
        String value = payload.substring(1, payload.length() - 10);
        writer.out().raw(Bytes.wrap(value.getBytes(ISO_8859_1)));
    }

    /// What `moment` shows, by database and key; what has no order in an order.
    static SortedMap<String, List<String>> contents(Reads moment, Env env) {
        var bytes = new ByteArrayOutputStream();
        new Exporter(moment, env, _ -> {}).write(bytes);
        return contents(bytes.toByteArray());
    }

    static SortedMap<String, List<String>> contents(byte[] snapshot) {
        SortedMap<String, List<String>> contents = new TreeMap<>();
        var reader = RdbReader.open(new ByteArrayInputStream(snapshot));
        long database = 0;
        for (RdbRecord next = reader.next(); next != null; next = reader.next()) {
            if (next instanceof RdbRecord.Database(long index)) database = index;
            if (!(next instanceof RdbRecord.Key key)) continue;
            List<String> parts = new ArrayList<>();
            var text = new ByteArrayOutputStream();
            reader.value(part -> add(part, parts, text));
            if (0 < text.size()) parts.add(text.toString(ISO_8859_1));
            RdbKind kind = key.type().kind();
            if (kind != RdbKind.LIST && kind != RdbKind.STREAM) Collections.sort(parts);
            parts.add(kind + " until " + key.expireAtMillis());
            contents.put(database + " " + key.key(), parts);
        }
        return contents;
    }

    private static void add(RdbPart part, List<String> parts, ByteArrayOutputStream text) {
        if (part instanceof RdbPart.Piece(Bytes bytes)) text.writeBytes(bytes.toArray());
        else parts.add(part.toString());
    }

    private static Bytes utf8(String text) {
        return Bytes.utf8(text);
    }
}
