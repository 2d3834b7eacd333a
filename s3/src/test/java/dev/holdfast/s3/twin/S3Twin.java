package dev.holdfast.s3.twin;

import dev.holdfast.s3.twin.Call.Operation;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A server on this machine that speaks enough of S3: conditional writes that are atomic, ranges,
/// pages, uploads in parts, and one [Twist] for each call, as its user says.
///
/// Signatures must have the right shape and are not verified. Thread-safe.
public final class S3Twin implements AutoCloseable {
    private static final Pattern SIGNATURE =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=[^/ ]+/\\d{8}/[a-z0-9-]+/s3/aws4_request,"
                            + " ?SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*,"
                            + " ?Signature=[0-9a-f]{64}");

    private final ServerSocket listener;
    private final Shelf shelf;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicReference<Function<Call, Twist>> plan =
            new AtomicReference<>(_ -> new Twist.None());
    private final CountDownLatch closed = new CountDownLatch(1);

    private S3Twin(ServerSocket listener, Habits habits) {
        this.listener = listener;
        shelf = new Shelf(habits);
    }

    /// Starts one with good habits, on any free port.
    public static S3Twin start() {
        return start(Habits.good());
    }

    public static S3Twin start(Habits habits) {
        try {
            var listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
            var twin = new S3Twin(listener, habits);
            Thread.ofVirtual().name("s3-twin").start(twin::accept);
            return twin;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Where it listens.
    public String endpoint() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /// The URL of a store in `bucket` here.
    public String url(String bucketAndPrefix) {
        return "s3://" + bucketAndPrefix + "?endpoint=" + endpoint();
    }

    /// From now on each call meets what `twists` says.
    public void follow(Function<Call, Twist> twists) {
        plan.set(twists);
    }

    /// The next call of that kind meets `twist`; all others are answered well.
    public void next(Operation operation, Twist twist) {
        var left = new AtomicReference<@Nullable Twist>(twist);
        follow(call -> {
            Twist due = call.operation() == operation ? left.getAndSet(null) : null;
            return due == null ? new Twist.None() : due;
        });
    }

    /// All calls are answered well again.
    public void behave() {
        follow(_ -> new Twist.None());
    }

    /// How many calls there were.
    public long calls() {
        return calls.get();
    }

    public int objectCount() {
        return shelf.objectCount();
    }

    /// How many uploads were begun and neither completed nor ended.
    public int uploadCount() {
        return shelf.uploadCount();
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

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException closing) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                var in = new BufferedInputStream(connection.getInputStream());
                var out = new BufferedOutputStream(connection.getOutputStream(), 65_536)) {
            connection.setTcpNoDelay(true);
            boolean isOpen = true;
            while (isOpen) isOpen = serveOne(in, out);
        } catch (IOException | InterruptedException hungUp) {
            // the client's part
        } finally {
            connections.remove(connection);
        }
    }

    // False once the connection is to be closed.
    private boolean serveOne(InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        Request request = Request.read(in, out);
        if (request == null) return false;
        if (!isSigned(request)) {
            send(out, Reply.error(403, "AccessDenied"), request);
            return true;
        }
        String key =
                request.key().isEmpty()
                        ? request.query().getOrDefault("prefix", "")
                        : request.key();
        var call = new Call(calls.getAndIncrement(), request.operation(), key, request.headers());
        Twist twist = plan.get().apply(call);
        return switch (twist) {
            case Twist.None _, Twist.StaleListing _, Twist.DoubleListing _ ->
                    send(out, shelf.answer(request, twist), request);
            case Twist.Refuse(int status, String code) ->
                    send(out, Reply.error(status, code), request);
            case Twist.DoAndRefuse(int status, String code) -> {
                shelf.answer(request, twist);
                yield send(out, Reply.error(status, code), request);
            }
            case Twist.ErrorWithin200 _ -> send(out, Reply.error(200, "InternalError"), request);
            case Twist.Slow(Duration pause) ->
                    !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)
                            && send(out, shelf.answer(request, twist), request);
            case Twist.LoseRequest _ -> false;
            case Twist.LoseReply _ -> {
                shelf.answer(request, twist);
                yield false;
            }
            case Twist.Late(Duration delay) -> {
                Thread.ofVirtual().start(() -> answerLater(request, delay));
                yield false;
            }
            case Twist.Silence _ -> silence();
            case Twist.DoAndSilence _ -> {
                shelf.answer(request, twist);
                yield silence();
            }
            case Twist.CutBody(int bytes) -> {
                Reply reply = shelf.answer(request, twist);
                head(out, reply);
                out.write(reply.body(), 0, Math.min(bytes, reply.body().length));
                yield false;
            }
            case Twist.Drip(Duration pause) -> drip(out, shelf.answer(request, twist), pause);
        };
    }

    private static boolean isSigned(Request request) {
        return SIGNATURE.matcher(request.header("authorization", "")).matches()
                && request.headers().containsKey("x-amz-date")
                && request.headers().containsKey("x-amz-content-sha256");
    }

    private void answerLater(Request request, Duration delay) {
        try {
            if (closed.await(delay.toNanos(), TimeUnit.NANOSECONDS)) return;
            shelf.answer(request, new Twist.None());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean silence() throws InterruptedException {
        boolean unused = closed.await(1, TimeUnit.HOURS);
        return false;
    }

    private boolean drip(OutputStream out, Reply reply, Duration pause)
            throws IOException, InterruptedException {
        head(out, reply);
        for (byte each : reply.body()) {
            out.write(each);
            out.flush();
            if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) return false;
        }
        return true;
    }

    private static boolean send(OutputStream out, Reply reply, Request request) throws IOException {
        head(out, reply);
        if (!request.method().equals("HEAD")) out.write(reply.body());
        out.flush();
        return true;
    }

    private static void head(OutputStream out, Reply reply) throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + reply.status() + " x\r\n");
        reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (reply.status() != 204)
            head.append("Content-Length: ").append(reply.body().length).append("\r\n");
        head.append("x-amz-request-id: twin\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
