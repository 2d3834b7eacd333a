package dev.holdfast.redis.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
    private static final String STREAM =
            "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nx\r\nyz\r\n"
                    + "PING\r\n"
                    + "*0\r\n*-1\r\n"
                    + "  echo \"a\\x41\\n\" 'b\\'c' \r\n"
                    + "\r\n"
                    + "*1\r\n$0\r\n\r\n"
                    + "*2\r\n$3\r\nGET\r\n$2\r\n\r\n\r\n";
    private static final List<List<Bytes>> REQUESTS =
            List.of(
                    words("SET", "a", "x\r\nyz"),
                    words("PING"),
                    words("echo", "aA\n", "b'c"),
                    words(""),
                    words("GET", "\r\n"));

    @Test
    void shouldFindTheSameRequestsWhereverTheStreamIsCut() throws Exception {
        byte[] stream = STREAM.getBytes(ISO_8859_1);
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                // given
                var parser = trusted();
                List<List<Bytes>> found = new ArrayList<>();
                // when
                for (Bytes piece :
                        List.of(
                                Bytes.copyOf(stream, 0, first),
                                Bytes.copyOf(stream, first, second - first),
                                Bytes.copyOf(stream, second, stream.length - second))) {
                    parser.feed(piece);
                    drain(parser, found);
                }
                // then
                assertEquals(REQUESTS, found, "cut at " + first + " and " + second);
                assertEquals(0, parser.buffered());
            }
        }
    }

    @Test
    void shouldFindTheSameRequestsWhenBytesComeOneByOne() throws Exception {
        // given
        var parser = trusted();
        List<List<Bytes>> found = new ArrayList<>();
        // when
        for (byte each : STREAM.getBytes(ISO_8859_1)) {
            parser.feed(Bytes.wrap(new byte[] {each}));
            drain(parser, found);
        }
        // then
        assertEquals(REQUESTS, found);
    }

    @Test
    void shouldEndInNothingButAViolationWhenBytesAreRandom() {
        long seed = Long.getLong("resp.seed", System.nanoTime());
        var random = new Random(seed);
        String letters = "*$\r\n0123456789-+ab \"'\\x\0";
        for (int run = 0; run < 20_000; run++) {
            var parser = run % 2 == 0 ? trusted() : new RequestParser(RequestLimits.defaults());
            long fed = 0;
            try {
                for (int piece = 0; piece < 8; piece++) {
                    byte[] bytes = new byte[random.nextInt(24)];
                    for (int i = 0; i < bytes.length; i++)
                        bytes[i] =
                                random.nextInt(20) == 0
                                        ? (byte) random.nextInt()
                                        : (byte) letters.charAt(random.nextInt(letters.length()));
                    fed += bytes.length;
                    parser.feed(Bytes.wrap(bytes));
                    while (parser.next() != null) continue;
                    assertTrue(parser.buffered() <= fed, "seed=" + seed);
                }
            } catch (ProtocolViolation expected) {
                continue;
            } catch (RuntimeException | AssertionError wrong) {
                throw new AssertionError("seed=" + seed + " run=" + run, wrong);
            }
        }
    }

    @Test
    @Tag("SEC-03")
    void shouldHoldNoMoreThanWhatCameWhenALengthPromisesMore() throws Exception {
        // given
        var parser = trusted();
        // when
        parser.feed(Bytes.utf8("*1000000\r\n$536870912\r\nabc"));
        // then
        assertNull(parser.next());
        assertTrue(parser.buffered() < 100, "buffered " + parser.buffered());
    }

    @Test
    void shouldPutALargeWordTogetherWhenItComesInManyPieces() throws Exception {
        // given
        var parser = trusted();
        byte[] value = new byte[3_000_000];
        new Random(1).nextBytes(value);
        parser.feed(Bytes.utf8("*2\r\n$4\r\nECHO\r\n$3000000\r\n"));
        // when
        for (int from = 0; from < value.length; from += 60_000) {
            assertNull(parser.next());
            parser.feed(Bytes.copyOf(value, from, 60_000));
        }
        parser.feed(Bytes.utf8("\r\n*1\r\n$4\r\nPING\r\n"));
        // then
        assertEquals(List.of(Bytes.utf8("ECHO"), Bytes.wrap(value)), parser.next());
        assertEquals(words("PING"), parser.next());
        assertNull(parser.next());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*1x         | invalid multibulk length",
                "*           | invalid multibulk length",
                "*1048577    | invalid multibulk length",
                "*9999999999999999999 | invalid multibulk length",
                "*1~foo      | expected '$', got 'f'",
                "*1~$-1      | invalid bulk length",
                "*1~$5x      | invalid bulk length",
                "*1~$536870913 | invalid bulk length",
                "SET \"a b   | unbalanced quotes in request",
                "SET \"a\"b  | unbalanced quotes in request",
            })
    @Tag("SEC-01")
    @Tag("SEC-05")
    void shouldSayWhatRedisSaysWhenTheProtocolIsBroken(String stream, String text) {
        // given
        var parser = trusted();
        parser.feed(Bytes.utf8(stream.strip().replace("~", "\r\n") + "\r\n"));
        // when
        var violation = assertThrows(ProtocolViolation.class, parser::next);
        // then
        assertEquals("ERR Protocol error: " + text, violation.text());
    }

    @ParameterizedTest
    @CsvSource({
        "*11, unauthenticated multibulk length",
        "*1~$16385, unauthenticated bulk length",
    })
    void shouldKeepStrangersShortUntilTheyAreTrusted(String stream, String text) throws Exception {
        // given
        Bytes piece = Bytes.utf8(stream.replace("~", "\r\n") + "\r\n");
        var stranger = new RequestParser(RequestLimits.defaults());
        var friend = trusted();
        // when
        stranger.feed(piece);
        friend.feed(piece);
        // then
        assertEquals(
                "ERR Protocol error: " + text,
                assertThrows(ProtocolViolation.class, stranger::next).text());
        assertNull(friend.next());
    }

    @ParameterizedTest
    @CsvSource({
        "a, too big inline request",
        "*, too big mbulk count string",
        "*1~$, too big bulk count string",
    })
    @Tag("SEC-04")
    void shouldGiveUpWhenALineHasNoEnd(String start, String text) {
        // given
        var parser = trusted();
        parser.feed(Bytes.utf8(start.replace("~", "\r\n")));
        // when
        var violation =
                assertThrows(
                        ProtocolViolation.class,
                        () -> {
                            for (int i = 0; i < 70; i++) {
                                parser.feed(Bytes.utf8("1".repeat(1000)));
                                assertNull(parser.next());
                            }
                        });
        // then
        assertEquals("ERR Protocol error: " + text, violation.text());
        assertTrue(parser.buffered() < 70_000);
    }

    @Test
    void shouldRefuseARequestWhoseWordsAreTooMuchTogether() throws Exception {
        // given
        var parser = new RequestParser(new RequestLimits(100, 1000, 64, 1500));
        parser.trust();
        parser.feed(Bytes.utf8("*3\r\n$1000\r\n" + "x".repeat(1000) + "\r\n$501\r\n"));
        // when
        var violation = assertThrows(ProtocolViolation.class, parser::next);
        // then
        assertEquals("ERR Protocol error: too big request", violation.text());
    }

    private static RequestParser trusted() {
        var parser = new RequestParser(RequestLimits.defaults());
        parser.trust();
        return parser;
    }

    private static void drain(RequestParser parser, List<List<Bytes>> found)
            throws ProtocolViolation {
        for (List<Bytes> request = parser.next(); request != null; request = parser.next())
            found.add(request);
    }

    private static List<Bytes> words(String... words) {
        return List.of(words).stream().map(Bytes::utf8).toList();
    }
}
