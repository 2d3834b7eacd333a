package dev.holdfast.redis.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;

/// A connection to a server that keys are moved to: calls out, lines in.
///
/// Every wait ends: once nothing has moved for as long as the caller is patient, with an
/// `IOException`. Not thread-safe.
@Adapter("connects to another server")
final class TargetServer implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LINE_BYTES_MAX = 64 << 10;

    private final Env env;
    private final Duration patience;
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();

    private TargetServer(Env env, Duration patience, SocketChannel channel) {
        this.env = env;
        this.patience = patience;
        this.channel = channel;
    }

    /// Connects.
    static TargetServer connect(Env env, String host, int port, Duration patience)
            throws IOException, InterruptedException {
        SocketChannel channel = SocketChannel.open();
        var target = new TargetServer(env, patience, channel);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean isThere = channel.connect(new InetSocketAddress(host, port));
            Deadline deadline = Deadline.after(env, patience);
            while (!isThere && !channel.finishConnect()) target.pause(deadline);
            return target;
        } catch (UnresolvedAddressException unknown) {
            channel.close();
            throw new IOException("no such host", unknown);
        } catch (IOException | InterruptedException failure) {
            channel.close();
            throw failure;
        }
    }

    /// Has the server get a call.
    void send(List<Bytes> words) throws IOException, InterruptedException {
        var head = new ByteArrayOutputStream();
        head.writeBytes(line('*', words.size()));
        for (Bytes word : words) {
            head.writeBytes(line('$', word.length()));
            if (word.length() < BUFFER_BYTES)
                head.write(word.array(), word.offset(), word.length());
            else {
                write(ByteBuffer.wrap(head.toByteArray()));
                head.reset();
                write(word.toBuffer());
            }
            head.writeBytes(new byte[] {'\r', '\n'});
        }
        write(ByteBuffer.wrap(head.toByteArray()));
    }

    /// The next reply, which is one line, without its end.
    String reply() throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(env, patience);
        var line = new ByteArrayOutputStream();
        while (true) {
            while (in.hasRemaining()) {
                byte next = in.get();
                if (next == '\n') return line.toString(UTF_8).stripTrailing();
                if (line.size() == LINE_BYTES_MAX) throw new IOException("reply too long");
                line.write(next);
            }
            fill(deadline);
        }
    }

    private void fill(Deadline deadline) throws IOException, InterruptedException {
        in.clear();
        int count = channel.read(in);
        while (count == 0) {
            pause(deadline);
            count = channel.read(in);
        }
        in.flip();
        if (count < 0) throw new EOFException("the server closed the connection");
    }

    private void write(ByteBuffer bytes) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(env, patience);
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) pause(deadline);
            else deadline = Deadline.after(env, patience);
        }
    }

    private void pause(Deadline deadline) throws IOException, InterruptedException {
        if (deadline.isExpired()) throw new IOException("nothing moved for too long");
        env.sleep(LOOK);
    }

    private static byte[] line(char kind, int number) {
        return (kind + Integer.toString(number) + "\r\n").getBytes(UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
