package dev.holdfast.redis.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyWriterTest {
    @Test
    void shouldWriteEachKindInBothVersions() {
        assertEquals("+OK\r\n", both(out -> out.simple("OK")));
        assertEquals("-ERR a  b\r\n", both(out -> out.error("ERR a\r\nb")));
        assertEquals(":0\r\n", both(out -> out.integer(0)));
        assertEquals("$0\r\n\r\n", both(out -> out.bulk(Bytes.EMPTY)));
        assertEquals("$2\r\n\u00e9\r\n", both(out -> out.bulk("\u00e9")));
        assertEquals("*2\r\n", both(out -> out.array(2)));
        assertEquals("$-1\r\n|_\r\n", both(ReplyWriter::nullBulk));
        assertEquals("*-1\r\n|_\r\n", both(ReplyWriter::nullArray));
        assertEquals("*4\r\n|%2\r\n", both(out -> out.map(2)));
        assertEquals("*2\r\n|~2\r\n", both(out -> out.set(2)));
        assertEquals("*2\r\n|>2\r\n", both(out -> out.push(2)));
        assertEquals("$4\r\n1.25\r\n|,1.25\r\n", both(out -> out.real(1.25)));
        assertEquals(":1\r\n|#t\r\n", both(out -> out.truth(ReplyWriter.Truth.YES)));
        assertEquals(":0\r\n|#f\r\n", both(out -> out.truth(ReplyWriter.Truth.NO)));
        assertEquals("$2\r\nhi\r\n|=6\r\ntxt:hi\r\n", both(out -> out.verbatim("hi")));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                9,
                10,
                99,
                100,
                -1,
                -10,
                1_000_000_000_000_000_000L,
                999_999_999_999_999_999L,
                Long.MAX_VALUE,
                Long.MIN_VALUE
            })
    void shouldWriteEveryDigitOfAnInteger(long value) {
        assertEquals(":" + value + "\r\n", both(out -> out.integer(value)));
    }

    @Test
    void shouldPrintDoublesAsCDoes() {
        assertEquals("0.10000000000000001", ReplyWriter.textOf(0.1));
        assertEquals("1e+20", ReplyWriter.textOf(1e20));
        assertEquals("1.0000000000000001e-05", ReplyWriter.textOf(1e-5));
        assertEquals("0.0001", ReplyWriter.textOf(0.0001).substring(0, 6));
        assertEquals("-inf", ReplyWriter.textOf(Double.NEGATIVE_INFINITY));
        assertEquals("-0", ReplyWriter.textOf(-0.0));
        assertEquals("12345678901234568", ReplyWriter.textOf(12345678901234568.0));
    }

    @Test
    void shouldKeepLargeBulksAsTheyAreAndEverythingInOrder() {
        long seed = Long.getLong("resp.seed", System.nanoTime());
        var random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            // given
            var out = new ReplyWriter(Protocol.RESP2);
            var expected = new StringBuilder();
            // when
            for (int i = 0; i < 50; i++) {
                String text = "x".repeat(random.nextInt(random.nextInt(8) == 0 ? 20_000 : 200));
                out.bulk(text);
                expected.append(String.format(Locale.ROOT, "$%d\r\n%s\r\n", text.length(), text));
                if (random.nextInt(10) == 0) {
                    assertEquals(expected.toString(), textOf(out.take()), "seed=" + seed);
                    expected.setLength(0);
                }
                assertEquals(expected.length(), out.bytes(), "seed=" + seed);
            }
            // then
            assertEquals(expected.toString(), textOf(out.take()), "seed=" + seed);
        }
    }

    @Test
    void shouldNotCopyALargeBulk() {
        // given
        var out = new ReplyWriter(Protocol.RESP2);
        Bytes large = Bytes.wrap(new byte[100_000]);
        // when
        out.bulk(large);
        // then
        assertSame(large.array(), out.take().get(1).array());
    }

    // One text if both versions are the same, else both with a bar between them.
    private static String both(Consumer<ReplyWriter> reply) {
        var second = new ReplyWriter(Protocol.RESP2);
        var third = new ReplyWriter(Protocol.RESP3);
        reply.accept(second);
        reply.accept(third);
        String one = textOf(second.take());
        String other = textOf(third.take());
        return one.equals(other) ? one : one + "|" + other;
    }

    private static String textOf(List<Bytes> segments) {
        var whole = new ByteArrayOutputStream();
        segments.forEach(each -> whole.writeBytes(each.toArray()));
        return Bytes.wrap(whole.toByteArray()).toUtf8();
    }
}
