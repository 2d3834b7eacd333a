package dev.holdfast.system.security;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// A connection that says anything, and hears what comes. Texts are bytes (ISO 8859-1).
final class RawSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    RawSocket(int port) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawSocket say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /// The next line, without its end.
    String line() throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); 0 <= next && next != '\n'; next = in.read())
            if (next != '\r') line.append((char) next);
        return line.toString();
    }

    /// All that still comes, until the other side ends the connection in whatever way.
    String untilTheEnd() throws IOException {
        var text = new StringBuilder();
        try {
            for (int next = in.read(); 0 <= next; next = in.read()) text.append((char) next);
        } catch (SocketTimeoutException stillOpen) {
            throw new AssertionError("not ended, but said: " + text, stillOpen);
        } catch (IOException reset) {
            // an end, too
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
