package dev.holdfast.redis.resp;

import dev.holdfast.base.Bytes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Replies as bytes, one after another, in the protocol version of the moment.
///
/// Small values are copied into chunks; a large bulk is kept as a reference between two chunks, so
/// that it is copied no more on its way to the socket. Not thread-safe.
public final class ReplyWriter {
    private static final int CHUNK_BYTES = 4096;
    private static final int REFERENCED_BYTES_MIN = 8192;

    private final List<Bytes> segments = new ArrayList<>();
    private byte[] chunk = new byte[256];
    private int end;
    private int start;
    private long segmentBytes;
    private Protocol protocol;

    public ReplyWriter(Protocol protocol) {
        this.protocol = protocol;
    }

    /// The version that is written from now on.
    public void switchTo(Protocol protocol) {
        this.protocol = protocol;
    }

    /// The version that is written.
    public Protocol protocol() {
        return protocol;
    }

    /// How many bytes were written and not taken.
    public long bytes() {
        return segmentBytes + (end - start);
    }

    /// What was written, in order; the writer is empty afterwards.
    public List<Bytes> take() {
        cut();
        List<Bytes> taken = List.copyOf(segments);
        segments.clear();
        segmentBytes = 0;
        return taken;
    }

    /// A short line that says that something went well.
    public void simple(String text) {
        line('+', text);
    }

    /// An error: code, blank, text. Line ends inside become blanks.
    public void error(String text) {
        int end = text.length();
        while (0 < end && isLineEnd(text.charAt(end - 1))) end--;
        line('-', text.substring(0, end).replace('\r', ' ').replace('\n', ' '));
    }

    private static boolean isLineEnd(char letter) {
        return letter == '\r' || letter == '\n';
    }

    /// A signed integer.
    public void integer(long value) {
        number(':', value);
    }

    /// A string of any bytes.
    public void bulk(Bytes value) {
        number('$', value.length());
        bytes(value);
        crlf();
    }

    /// A string of any characters, in UTF-8.
    public void bulk(String text) {
        bulk(Bytes.utf8(text));
    }

    /// No value where a value could stand.
    public void nullBulk() {
        ascii(protocol == Protocol.RESP3 ? "_\r\n" : "$-1\r\n");
    }

    /// No array where an array could stand.
    public void nullArray() {
        ascii(protocol == Protocol.RESP3 ? "_\r\n" : "*-1\r\n");
    }

    /// The head of an array: `count` values follow.
    public void array(long count) {
        number('*', count);
    }

    /// The head of a map: `count` pairs follow, key then value. An array of twice as many in RESP2.
    public void map(long count) {
        if (protocol == Protocol.RESP3) number('%', count);
        else number('*', 2 * count);
    }

    /// The head of a set: `count` values follow. An array in RESP2.
    public void set(long count) {
        number(protocol == Protocol.RESP3 ? '~' : '*', count);
    }

    /// The head of a message that nobody asked for: `count` values follow. An array in RESP2.
    public void push(int count) {
        number(protocol == Protocol.RESP3 ? '>' : '*', count);
    }

    /// A floating-point number, with seventeen digits at most. A bulk in RESP2.
    public void real(double value) {
        decimal(textOf(value));
    }

    /// A number that is text already. A bulk in RESP2.
    public void decimal(String text) {
        if (protocol == Protocol.RESP3) line(',', text);
        else bulk(text);
    }

    /// A yes or no. One or zero in RESP2.
    public void truth(Truth value) {
        if (protocol == Protocol.RESP3) ascii(value == Truth.YES ? "#t\r\n" : "#f\r\n");
        else integer(value == Truth.YES ? 1 : 0);
    }

    /// A text meant for people. A bulk in RESP2.
    public void verbatim(String text) {
        verbatim("txt", Bytes.utf8(text));
    }

    /// A text of a format of three letters. A bulk in RESP2.
    public void verbatim(String format, Bytes text) {
        if (protocol == Protocol.RESP3) {
            number('=', text.length() + 4L);
            ascii(format + ":");
        } else number('$', text.length());
        bytes(text);
        crlf();
    }

    /// A whole number of any size. A bulk in RESP2.
    public void bigNumber(String digits) {
        if (protocol == Protocol.RESP3) line('(', digits.replace('\r', ' ').replace('\n', ' '));
        else bulk(digits);
    }

    /// The two values of a RESP3 boolean.
    public enum Truth {
        YES,
        NO
    }

    /// What `%.17g` prints in C.
    public static String textOf(double value) {
        if (Double.isNaN(value)) return "nan";
        if (Double.isInfinite(value)) return 0 < value ? "inf" : "-inf";
        if (value == 0) return 1 / value < 0 ? "-0" : "0";
        BigDecimal rounded =
                new BigDecimal(value)
                        .round(new MathContext(17, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (-5 < exponent && exponent < 17) return rounded.toPlainString();
        String digits = rounded.unscaledValue().abs().toString();
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        String sign = value < 0 ? "-" : "";
        String power = (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "");
        return sign + digits.charAt(0) + fraction + power + Math.abs(exponent);
    }

    private void line(char kind, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        room(encoded.length + 3);
        chunk[end++] = (byte) kind;
        System.arraycopy(encoded, 0, chunk, end, encoded.length);
        end += encoded.length;
        crlf();
    }

    private void number(char kind, long value) {
        room(24);
        chunk[end++] = (byte) kind;
        if (0 <= value && value < 10) chunk[end++] = (byte) ('0' + value);
        else digits(value);
        crlf();
    }

    private void digits(long value) {
        if (value == Long.MIN_VALUE) {
            ascii(Long.toString(value));
            return;
        }
        if (value < 0) chunk[end++] = '-';
        long left = Math.abs(value);
        int length = 1;
        for (long bound = 10; length < 19 && bound <= left; bound *= 10) length++;
        for (int at = end + length - 1; end <= at; at--) {
            chunk[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        end += length;
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) chunk[end++] = (byte) text.charAt(i);
    }

    private void crlf() {
        room(2);
        chunk[end++] = '\r';
        chunk[end++] = '\n';
    }

    private void bytes(Bytes value) {
        if (REFERENCED_BYTES_MIN <= value.length()) {
            cut();
            segments.add(value);
            segmentBytes += value.length();
            return;
        }
        room(value.length());
        value.copyTo(chunk, end);
        end += value.length();
    }

    // What was cut off is never written again: the rest of the chunk goes on being filled.
    private void cut() {
        if (start == end) return;
        segments.add(Bytes.wrap(chunk, start, end - start));
        segmentBytes += end - start;
        start = end;
    }

    private void room(int more) {
        if (end + more <= chunk.length) return;
        if (chunk.length < CHUNK_BYTES && start == 0) {
            chunk = Arrays.copyOf(chunk, Math.max(CHUNK_BYTES, end + more));
            return;
        }
        cut();
        chunk = new byte[Math.max(CHUNK_BYTES, more)];
        start = 0;
        end = 0;
    }
}
