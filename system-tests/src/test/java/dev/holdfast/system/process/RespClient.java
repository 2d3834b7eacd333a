package dev.holdfast.system.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One connection that speaks RESP2 over a plain socket, with no tricks: nothing is retried, and
/// every end of the connection is seen as it is.
///
/// Words and replies are texts of bytes (ISO 8859-1). Not thread-safe, but one thread may send
/// while another reads.
public final class RespClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    /// An error reply.
    public record Failure(String message) {}

    /// Connects to the server on `port` of this machine.
    public RespClient(int port) throws IOException {
        this(port, PATIENCE);
    }

    /// Connects to the server on `port` of this machine, and waits no longer than `patience` for
    /// what it reads.
    public RespClient(int port, Duration patience) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
        socket.connect(new InetSocketAddress("127.0.0.1", port), (int) PATIENCE.toMillis());
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /// Puts one command into the buffer.
    public void send(List<String> words) throws IOException {
        var text = new StringBuilder().append('*').append(words.size()).append("\r\n");
        for (String word : words)
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends what is in the buffer.
    public void flush() throws IOException {
        out.flush();
    }

    /// The next reply: a text, a number, a list, null, or a [Failure]. Throws [EOFException] where
    /// the server has closed in order.
    public @Nullable Object read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> new Failure(rest);
            case ':' -> Long.parseLong(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> list(Integer.parseInt(rest));
            default -> throw new AssertionError("not a reply: " + line);
        };
    }

    /// How many elements the list has that the next replies are.
    public long readListHead() throws IOException {
        String line = line();
        if (line.charAt(0) != '*') throw new AssertionError("not a list: " + line);
        return Long.parseLong(line.substring(1));
    }

    /// Sends one command and reads its reply.
    public @Nullable Object call(String... words) throws IOException {
        send(List.of(words));
        flush();
        return read();
    }

    private @Nullable Object bulk(int length) throws IOException {
        if (length < 0) return null;
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) throw new EOFException("inside a reply");
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private @Nullable Object list(int length) throws IOException {
        if (length < 0) return null;
        var items = new ArrayList<@Nullable Object>(length);
        for (int i = 0; i < length; i++) items.add(read());
        return items;
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new EOFException(text.isEmpty() ? "closed" : "inside a reply");
            if (next != '\r') text.append((char) next);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
