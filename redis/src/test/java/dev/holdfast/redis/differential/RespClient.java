package dev.holdfast.redis.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// A connection to a server that speaks RESP. Each character of a word is a byte.
final class RespClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 120_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RespClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    RespValue call(String... words) throws IOException {
        return call(List.of(words));
    }

    RespValue call(List<String> words) throws IOException {
        send(words);
        flush();
        return read();
    }

    void send(List<String> words) throws IOException {
        line('*', words.size());
        for (String word : words) {
            line('$', word.length());
            out.write(word.getBytes(ISO_8859_1));
            out.write('\r');
            out.write('\n');
        }
    }

    void flush() throws IOException {
        out.flush();
    }

    RespValue read() throws IOException {
        String line = line();
        char kind = line.charAt(0);
        String rest = line.substring(1);
        int count =
                switch (kind) {
                    case '$', '=', '*', '~', '>' -> Integer.parseInt(rest);
                    case '%' -> 2 * Integer.parseInt(rest);
                    default -> -1;
                };
        boolean isNone = rest.equals("-1") && (kind == '$' || kind == '*');
        if (count < 0) return new RespValue(kind, isNone ? RespValue.NONE : rest, List.of());
        if (kind == '$' || kind == '=') return new RespValue(kind, bulk(count), List.of());
        List<RespValue> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) parts.add(read());
        return new RespValue(kind, rest, parts);
    }

    private String bulk(int length) throws IOException {
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) throw new EOFException("inside a bulk");
        return new String(bytes, 0, length, ISO_8859_1);
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (int each = in.read(); each != '\r'; each = in.read()) {
            if (each < 0) throw new EOFException("the server went away");
            text.append((char) each);
        }
        in.read();
        return text.toString();
    }

    private void line(char kind, int number) throws IOException {
        out.write((kind + Integer.toString(number) + "\r\n").getBytes(ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
