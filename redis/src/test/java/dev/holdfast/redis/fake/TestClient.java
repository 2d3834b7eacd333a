package dev.holdfast.redis.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// A client that sends what it is told to, and shows replies in short: `OK`, `-ERR ...`, `:1`, `[a,
/// b]`, `nil`.
public final class TestClient implements AutoCloseable {
    public static final String END = "<end>";

    private final Socket socket;
    private final InputStream in;

    public TestClient(int port) throws IOException {
        this(port, 64 * 1024);
    }

    public TestClient(int port, int receiveBytes) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(receiveBytes);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", port), 5_000);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// A client on a socket that is connected already.
    public TestClient(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// Sends `words` as one request, and returns the reply.
    public String call(String... words) throws IOException {
        send(words);
        return read();
    }

    /// Sends `words` as one request.
    public void send(String... words) throws IOException {
        write(request(words));
    }

    /// Sends the characters of `text`, one byte each.
    public void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /// Ends this side's stream.
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    /// How long a read waits, before it says that nothing came.
    public void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /// A request in the form that libraries send.
    public static String request(String... words) {
        var text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words)
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        return text.toString();
    }

    /// The next reply; [#END] if the server has ended the stream.
    public String read() throws IOException {
        int kind = in.read();
        if (kind < 0) return END;
        String line = line();
        return switch (kind) {
            case '+', ',' -> line;
            case '-', ':', '#' -> (char) kind + line;
            case '_' -> "nil";
            case '$', '=' -> line.equals("-1") ? "nil" : bulk(Integer.parseInt(line));
            case '*', '~', '>' -> line.equals("-1") ? "nil" : list(Integer.parseInt(line)) + "";
            case '%' -> "%" + list(2 * Integer.parseInt(line));
            default -> throw new IOException("no reply: " + (char) kind + line);
        };
    }

    private String bulk(int length) throws IOException {
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) throw new EOFException("inside a bulk");
        return new String(bytes, 0, length, ISO_8859_1);
    }

    private List<String> list(int count) throws IOException {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) found.add(read());
        return found;
    }

    private String line() throws IOException {
        var text = new ByteArrayOutputStream();
        for (int each = in.read(); each != '\r'; each = in.read()) {
            if (each < 0) throw new EOFException("inside a line");
            text.write(each);
        }
        in.read();
        return text.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
