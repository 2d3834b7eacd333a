package dev.holdfast.app.transfer;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbInput;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A connection to another server: requests out, replies in.
///
/// Memory follows the bytes that have come, never a length that is announced; every wait ends. Not
/// thread-safe.
@Adapter("connects to another server")
final class ServerConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final int ITEMS_MAX = 1 << 20;
    private static final int DEPTH_MAX = 8;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private ServerConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
    }

    static ServerConnection open(ServerAddress address) throws IOException {
        int patience = (int) ServerAddress.PATIENCE.toMillis();
        var plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(address.host(), address.port()), patience);
            plain.setSoTimeout(patience);
            plain.setTcpNoDelay(true);
            return switch (address.transport()) {
                case PLAIN -> new ServerConnection(plain);
                case TLS -> new ServerConnection(sealed(plain, address));
            };
        } catch (IOException failure) {
            plain.close();
            throw failure;
        }
    }

    private static Socket sealed(Socket plain, ServerAddress address) throws IOException {
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var sealed = (SSLSocket) factory.createSocket(plain, address.host(), address.port(), true);
        SSLParameters parameters = sealed.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        sealed.setSSLParameters(parameters);
        sealed.startHandshake();
        return sealed;
    }

    /// Sends a request with the next [#flush].
    void send(Bytes... words) throws IOException {
        head('*', words.length);
        for (Bytes word : words) {
            head('$', word.length());
            out.write(word.array(), word.offset(), word.length());
            out.write('\r');
            out.write('\n');
        }
    }

    /// Has the server get what was sent.
    void flush() throws IOException {
        out.flush();
    }

    /// The next reply.
    ServerReply read() throws IOException {
        return read(0);
    }

    private ServerReply read(int depth) throws IOException {
        String line = line();
        if (line.isEmpty() || DEPTH_MAX < depth) throw strange(line);
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> new ServerReply.Line(rest);
            case '-' -> new ServerReply.Refused(rest);
            case ':' -> new ServerReply.Whole(number(rest));
            case '$' -> bulk(number(rest));
            case '*' -> items(number(rest), depth);
            default -> throw strange(line);
        };
    }

    private ServerReply items(long count, int depth) throws IOException {
        if (count < 0) return new ServerReply.Missing();
        if (ITEMS_MAX < count) throw strange("*" + count);
        List<ServerReply> items = new ArrayList<>();
        for (long i = 0; i < count; i++) items.add(read(depth + 1));
        return new ServerReply.Items(items);
    }

    private ServerReply bulk(long length) throws IOException {
        if (length < 0) return new ServerReply.Missing();
        if (RdbInput.STRING_BYTES_MAX < length) throw strange("$" + length);
        List<byte[]> pieces = new ArrayList<>(1);
        for (long left = length; 0 < left || pieces.isEmpty(); ) {
            byte[] piece = new byte[(int) Math.min(left, PIECE_BYTES)];
            if (in.readNBytes(piece, 0, piece.length) < piece.length) throw gone();
            pieces.add(piece);
            left -= piece.length;
        }
        if (in.read() != '\r' || in.read() != '\n') throw strange("$" + length);
        return new ServerReply.Bulk(joined(pieces, (int) length));
    }

    private static Bytes joined(List<byte[]> pieces, int length) {
        if (pieces.size() == 1) return Bytes.wrap(pieces.getFirst());
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, whole, at, piece.length);
            at += piece.length;
        }
        return Bytes.wrap(whole);
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) throw gone();
            if (text.length() == LINE_BYTES_MAX) throw strange(text.substring(0, 40));
            text.append((char) next);
        }
        if (in.read() != '\n') throw strange(text.toString());
        return text.toString();
    }

    private static long number(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException none) {
            throw strange(text);
        }
    }

    private void head(char kind, int number) throws IOException {
        Bytes line = Bytes.utf8(kind + Integer.toString(number) + "\r\n");
        out.write(line.array(), line.offset(), line.length());
    }

    private static IOException strange(String what) {
        return new IOException("the server does not speak Redis's protocol: " + what);
    }

    private static IOException gone() {
        return new EOFException("the server closed the connection");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
