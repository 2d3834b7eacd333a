package dev.holdfast.redis.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.ProtocolViolation;
import dev.holdfast.redis.resp.RequestLimits;
import dev.holdfast.redis.resp.RequestParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/// Requests of clients. The same bytes in other pieces must be the same requests, with the same
/// end.
final class RespTarget implements Fuzzing.Target {
    private record Parsed(List<List<Bytes>> requests, String end) {}

    @Override
    public String name() {
        return "RESP parser";
    }

    @Override
    public List<byte[]> first() {
        return bytes(
                "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$0\r\n\r\n*1\r\n$4\r\nPING\r\n",
                "PING\r\nset a \"b\\x41\\n\" 'c d'\r\n\r\nGET a\n",
                "*0\r\n*-1\r\n*2\r\n$4\r\nECHO\r\n$12\r\nhello\r\nworld\r\n",
                "*2\r\n$4\r\nAUTH\r\n$16384\r\n" + "x".repeat(16_384) + "\r\n");
    }

    @Override
    public List<byte[]> tokens() {
        return bytes(
                "\r\n",
                "*1\r\n",
                "*2\r\n",
                "$4\r\nPING\r\n",
                "$1\r\n",
                "$0\r\n\r\n",
                "*-1\r\n",
                "$-1\r\n",
                "*1048576\r\n",
                "*1048577\r\n",
                "$536870912\r\n",
                "$536870913\r\n",
                "*2147483648\r\n",
                "$9223372036854775807\r\n",
                "$18446744073709551617\r\n",
                "\"",
                "'",
                "\\x",
                " ",
                "*",
                "$",
                ":1\r\n",
                "\0",
                "*11\r\n",
                "$16385\r\n");
    }

    static List<byte[]> bytes(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(ISO_8859_1)).toList();
    }

    // What is buffered doubles, twice; a word of one byte is an object.
    @Override
    public long allocatedMax(int length) {
        return 1L << 20 | 500L * length;
    }

    @Override
    public String behaviour(byte[] input) {
        Parsed whole = parsed(input, bound -> bound - 1);
        Parsed inPieces = parsed(input, new Random(input.length)::nextInt);
        if (!whole.equals(inPieces)) throw new AssertionError(whole + " is not " + inPieces);
        int words = whole.requests().stream().mapToInt(List::size).sum();
        int rough = 32 - Integer.numberOfLeadingZeros(words);
        return whole.requests().size() % 16 + " " + rough + " " + whole.end();
    }

    private static Parsed parsed(byte[] input, IntUnaryOperator pieces) {
        var parser = new RequestParser(RequestLimits.defaults());
        if (input.length % 2 == 0) parser.trust();
        List<List<Bytes>> requests = new ArrayList<>();
        try {
            for (int from = 0; from < input.length; ) {
                int length = 1 + pieces.applyAsInt(input.length - from);
                parser.feed(Bytes.wrap(input, from, length));
                from += length;
                for (var next = parser.next(); next != null; next = parser.next())
                    requests.add(copied(next));
                if (input.length < parser.buffered())
                    throw new AssertionError("holds " + parser.buffered());
            }
        } catch (ProtocolViolation violation) {
            return new Parsed(requests, violation.text());
        }
        return new Parsed(requests, parser.isInsideRequest() ? "inside" : "between");
    }

    private static List<Bytes> copied(List<Bytes> words) {
        if (words.isEmpty()) throw new AssertionError("a request without words");
        return List.copyOf(words);
    }
}
