package dev.holdfast.system.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// A way to a server of this machine that can swallow all that is sent, in both directions: what is
/// connected stays connected, who connects is let in, and nobody hears anything more.
///
/// Thread-safe.
public final class Passage implements AutoCloseable {
    private static final int CHUNK = 1 << 14;
    private static final Disturbance NONE = new Disturbance(0, Duration.ZERO);

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean isSwallowing;
    private volatile Disturbance disturbance = NONE;

    private record Disturbance(double torn, Duration pause) {}

    private Passage(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /// Opens a way to the server at `endpoint`, on any free port.
    public static Passage to(String endpoint) {
        try {
            var listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
            var passage = new Passage(listener, URI.create(endpoint).getPort());
            Thread.ofVirtual().name("passage").start(passage::accept);
            return passage;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Where it begins.
    public String endpoint() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /// From now on nothing comes through.
    public void swallow() {
        isSwallowing = true;
    }

    /// From now on a share `torn` of what is sent never arrives, and its connection is cut; the
    /// rest comes `pause` later, 16 KiB at a time.
    public void disturb(double torn, Duration pause) {
        disturbance = new Disturbance(torn, pause);
    }

    /// Lets everything through again. What was connected meanwhile is cut.
    public void heal() {
        isSwallowing = false;
        disturbance = NONE;
        sockets.forEach(Passage::cut);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        sockets.forEach(Passage::cut);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (!isSwallowing) join(client);
            } catch (IOException closing) {
                return;
            }
        }
    }

    private void join(Socket client) throws IOException {
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(server);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> carry(client, server));
        Thread.ofVirtual().start(() -> carry(server, client));
    }

    private void carry(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); 0 <= read; read = in.read(chunk)) {
                Disturbance now = disturbance;
                LockSupport.parkNanos(now.pause.toNanos());
                if (ThreadLocalRandom.current().nextDouble() < now.torn) return;
                if (!isSwallowing) out.write(chunk, 0, read);
            }
        } catch (IOException ended) {
            // so has the other side's
        } finally {
            cut(from);
            cut(to);
        }
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
