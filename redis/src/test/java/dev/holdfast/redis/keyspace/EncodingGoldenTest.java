package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.fake.FakeDb;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Holds what is written to rows that were written once, and reads those rows.
class EncodingGoldenTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String LONG_RUN =
            "4c".repeat(1_000); // in the file one letter stands for it
    private static final String SHORT_RUN = "L";

    @Test
    void shouldWriteTheSameRowsWhenTheSameCallsAreMade() throws Exception {
        // given
        Db db = new FakeDb();
        var calls = new CommandLine(db, new TestEnv(1));
        // when
        story(calls);
        // then
        assertEquals(golden("rows.txt"), dump(db));
    }

    @Test
    void shouldReadTheRowsWhenTheyWereWrittenLongAgo() throws Exception {
        // given
        Db db = restored(golden("rows.txt"));
        // when
        var calls = new CommandLine(db, new TestEnv(2));
        // then
        assertEquals("$5\r\nvalue\r\n", calls.call("GET plain"));
        assertEquals(":1700000100000\r\n", calls.call("PEXPIRETIME expiring"));
        assertEquals(":40003\r\n", calls.call("STRLEN large"));
        assertEquals("$6\r\nLLLend\r\n", calls.call("GETRANGE large -6 -1"));
        assertEquals("+list\r\n", calls.call("TYPE list"));
        assertEquals("$3\r\nraw\r\n", calls.call("OBJECT ENCODING changed"));
        assertEquals("$1\r\n1\r\n", calls.call(Bytes.utf8("GET"), Bytes.wrap(new byte[] {0, -1})));
        assertEquals(":6\r\n", calls.call("DBSIZE"));
        calls.select(3);
        assertEquals(":1\r\n", calls.call("DBSIZE"));
    }

    private static void story(CommandLine calls) {
        calls.call("SET plain value");
        calls.call("SET expiring value PXAT 1700000100000");
        calls.call("SETRANGE changed 2 x");
        calls.call(Bytes.utf8("SET"), Bytes.wrap(new byte[] {0, -1}), Bytes.utf8("1"));
        calls.call("SET large " + "L".repeat(40_000));
        calls.call("APPEND large end");
        calls.call("LPUSH list element");
        calls.call("SET gone value");
        calls.call("DEL gone");
        calls.select(3);
        calls.call("SET dropped value");
        calls.call("FLUSHDB");
        calls.call("INCRBYFLOAT kept 1.5");
    }

    static String dump(Db db) {
        var text = new StringBuilder();
        try (Scan scan = db.scan(RowKeys.all())) {
            while (scan.next())
                text.append(hex(scan.key())).append(' ').append(hex(scan.value())).append('\n');
        }
        return text.toString();
    }

    private static String hex(Bytes bytes) {
        String hex = HEX.formatHex(bytes.toArray());
        return hex.replace(LONG_RUN, SHORT_RUN);
    }

    private static Db restored(String golden) {
        var batch = new WriteBatch();
        for (String line : golden.lines().toList()) {
            String[] parts = line.replace(SHORT_RUN, LONG_RUN).split(" ", -1);
            batch.put(Bytes.wrap(HEX.parseHex(parts[0])), Bytes.wrap(HEX.parseHex(parts[1])));
        }
        Db db = new FakeDb();
        db.write(batch, Durability.MEMORY);
        return db;
    }

    private static String golden(String name) throws IOException {
        String path = "/redis-encoding/v1/" + name;
        try (InputStream in = EncodingGoldenTest.class.getResourceAsStream(path)) {
            if (in == null) throw new IOException("missing: " + path);
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
