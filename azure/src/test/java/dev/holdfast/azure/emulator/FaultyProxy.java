package dev.holdfast.azure.emulator;

import dev.holdfast.azure.emulator.Call.Operation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// Stands before a server and bends requests and answers, each as its user says. Thread-safe.
public final class FaultyProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicReference<Function<Call, Bend>> plan =
            new AtomicReference<>(_ -> new Bend.None());
    private final CountDownLatch closed = new CountDownLatch(1);

    private FaultyProxy(ServerSocket listener, int server) {
        this.listener = listener;
        this.server = server;
    }

    /// Starts one before `azurite`, on any free port.
    public static FaultyProxy before(Azurite azurite) {
        try {
            var listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
            var proxy = new FaultyProxy(listener, azurite.port());
            Thread.ofVirtual().name("faulty-proxy").start(proxy::accept);
            return proxy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The URL of a store in `container`, through the proxy.
    public String url(String container, String prefix) {
        return "az://%s/%s/%s?endpoint=http://127.0.0.1:%d"
                .formatted(Azurite.ACCOUNT, container, prefix, listener.getLocalPort());
    }

    /// From now on each call meets what `bends` says.
    public void follow(Function<Call, Bend> bends) {
        plan.set(bends);
    }

    /// The next call of that kind meets `bend`; all others go straight.
    public void next(Operation operation, Bend bend) {
        var isSpent = new java.util.concurrent.atomic.AtomicBoolean();
        follow(call ->
                call.operation() == operation && isSpent.compareAndSet(false, true)
                        ? bend
                        : new Bend.None());
    }

    /// From now on all goes straight.
    public void behave() {
        follow(_ -> new Bend.None());
    }

    /// How many requests came so far.
    public long calls() {
        return calls.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                connections.add(client);
                Thread.ofVirtual().name("faulty-proxy-connection").start(() -> serve(client));
            }
        } catch (IOException over) {
            closed.countDown();
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedInputStream(client.getInputStream());
            var out = new BufferedOutputStream(client.getOutputStream());
            boolean goesOn = true;
            while (goesOn) {
                Message request = Message.request(in);
                if (request == null) return;
                Call call = Call.of(calls.getAndIncrement(), request.line());
                goesOn = handle(request, plan.get().apply(call), in, out);
            }
        } catch (IOException gone) {
            // the client, or the server behind
        } finally {
            connections.remove(client);
        }
    }

    // False if the connection is to be cut.
    private boolean handle(Message request, Bend bend, InputStream in, OutputStream out)
            throws IOException {
        switch (bend) {
            case Bend.None _ -> ask(request).writeTo(out);
            case Bend.Refuse(int status, String code) -> Message.error(status, code).writeTo(out);
            case Bend.DoAndRefuse(int status, String code) -> {
                Message unused = ask(request);
                Message.error(status, code).writeTo(out);
            }
            case Bend.Pretend(int status) -> Message.success(status).writeTo(out);
            case Bend.Mumble(int status) -> Message.hollow(status).writeTo(out);
            case Bend.LoseRequest _ -> {
                return false;
            }
            case Bend.LoseReply _ -> {
                Message unused = ask(request);
                return false;
            }
            case Bend.Silence _ -> awaitHangUp(in);
            case Bend.DoAndSilence _ -> {
                Message unused = ask(request);
                awaitHangUp(in);
            }
            case Bend.Late(Duration delay) -> {
                Thread.ofVirtual().start(() -> askLater(request, delay));
                return false;
            }
            case Bend.CutBody(int bytes) -> {
                Message answer = ask(request);
                out.write(answer.head().getBytes(StandardCharsets.ISO_8859_1));
                out.write(answer.body(), 0, Math.min(bytes, answer.body().length));
                out.flush();
                return false;
            }
            case Bend.Drip(Duration pause) -> drip(ask(request), pause, out);
            case Bend.Forget(String parameter) -> ask(request.without(parameter)).writeTo(out);
        }
        return true;
    }

    private Message ask(Message request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server)) {
            connections.add(socket);
            try {
                request.writeTo(socket.getOutputStream());
                var in = new BufferedInputStream(socket.getInputStream());
                return Message.answer(in, request.method());
            } finally {
                connections.remove(socket);
            }
        }
    }

    private void askLater(Message request, Duration delay) {
        try {
            if (closed.await(delay.toMillis(), TimeUnit.MILLISECONDS)) return;
            Message unused = ask(request);
        } catch (IOException gone) {
            // the server behind
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void drip(Message answer, Duration pause, OutputStream out) throws IOException {
        out.write(answer.head().getBytes(StandardCharsets.ISO_8859_1));
        for (byte next : answer.body()) {
            out.write(next);
            out.flush();
            try {
                if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) return;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void awaitHangUp(InputStream in) throws IOException {
        while (0 <= in.read()) {}
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
            for (Socket connection : connections) connection.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
