package dev.holdfast.app.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Pass;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers GET on a few paths over HTTP, as a component that ends last of all, so that a stop can
/// be watched to its end. It only tells; nothing can be changed through it.
public final class AdminServer implements Component {
    /// What it is called in its scope.
    public static final String NAME = "admin";

    private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());
    private static final int BACKLOG = 64;
    private static final Duration FAREWELL_MAX = Duration.ofMillis(500);

    private final InetSocketAddress address;
    private final IfTaken ifTaken;
    private final Map<String, Supplier<Answer>> answers;
    private volatile IntConsumer whenListening = _ -> {};
    private volatile @Nullable HttpServer server;
    private volatile @Nullable Gate requests;

    /// What to do if the port is another's.
    public enum IfTaken {
        /// Fail: it was asked for.
        FAIL,
        /// Take any that is free, and say so: it was only the default.
        TAKE_ANOTHER
    }

    /// @param answers by path
    public AdminServer(
            InetSocketAddress address, IfTaken ifTaken, Map<String, Supplier<Answer>> answers) {
        this.address = address;
        this.ifTaken = ifTaken;
        this.answers = Map.copyOf(answers);
    }

    /// Has `reader` told the port as soon as it listens.
    public void whenListening(IntConsumer reader) {
        whenListening = reader;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Phase> phases() {
        return EnumSet.of(Phase.RELEASE);
    }

    @Override
    public void start(StartContext context) throws IOException {
        HttpServer opened = bind();
        requests = context.gate("admin requests");
        opened.setExecutor(task -> context.env().start("admin request", task));
        opened.createContext("/", this::answer);
        opened.start();
        server = opened;
        whenListening.accept(port());
        LOG.log(
                System.Logger.Level.INFO,
                "admin listens. url=`http://{0}:{1,number,#}`",
                address.getHostString(),
                port());
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        HttpServer running = server;
        Gate inside = requests;
        server = null;
        if (running == null || inside == null) return Outcome.done();
        inside.drain(context.deadline().atMost(FAREWELL_MAX));
        running.stop(0);
        return Outcome.cut("admin requests", inside.drain(context.deadline()).size());
    }

    /// The port that it listens on; 0 while it does not.
    public int port() {
        HttpServer running = server;
        return running == null ? 0 : running.getAddress().getPort();
    }

    private HttpServer bind() throws IOException {
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (BindException taken) {
            if (ifTaken == IfTaken.FAIL)
                throw new IOException(
                        "admin port not bound. address=`%s`, reason=`%s`"
                                .formatted(address, taken.getMessage()),
                        taken);
            return HttpServer.create(new InetSocketAddress(address.getAddress(), 0), BACKLOG);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        Gate gate = requests;
        if (gate == null) return;
        try (exchange;
                Pass _ = gate.enter("operator", exchange.getRequestURI().getPath())) {
            Answer answer = answerOrApology(exchange);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), isHead ? -1 : body.length);
            if (!isHead) exchange.getResponseBody().write(body);
        }
    }

    private Answer answerOrApology(HttpExchange exchange) {
        try {
            return answerTo(exchange);
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.WARNING, "admin request failed", failure);
            return refusal(500, "internal error: " + failure);
        }
    }

    private Answer answerTo(HttpExchange exchange) {
        if (!isForUs(exchange)) return refusal(403, "not addressed to this server");
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) return refusal(405, "only GET");
        Supplier<Answer> known = answers.get(exchange.getRequestURI().getPath());
        return known == null ? refusal(404, "try " + String.join(" ", paths())) : known.get();
    }

    // A page from elsewhere, in a browser on this machine, may reach the loopback address, but not
    // under its name.
    private boolean isForUs(HttpExchange exchange) {
        InetAddress bound = address.getAddress();
        if (bound == null || !bound.isLoopbackAddress()) return true;
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host == null) return true;
        String name = host.replaceAll(":\\d+$", "");
        return List.of("localhost", "127.0.0.1", "[::1]", address.getHostString()).contains(name);
    }

    private Set<String> paths() {
        return new java.util.TreeSet<>(answers.keySet());
    }

    private static Answer refusal(int status, String why) {
        return new Answer(status, "text/plain; charset=utf-8", why + "\n");
    }
}
