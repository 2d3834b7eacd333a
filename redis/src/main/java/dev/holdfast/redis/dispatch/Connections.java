package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.HeapRoom;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Holder;
import dev.holdfast.lifecycle.gate.Pass;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitResult;
import dev.holdfast.net.BytePipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The connections that are served, each by its own thread. Thread-safe.
public final class Connections {
    private static final Duration STALL_MAX = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration CUTTING = Duration.ofMillis(200);

    private final Services services;
    private final Gate gate;
    private final Entrance entrance;
    private final ClientMemory memory = new ClientMemory(HeapRoom.bytes() / 4);
    private final Beside beside;
    private final Map<Long, Connection> open = new ConcurrentHashMap<>();

    public Connections(Services services, Entrance entrance) {
        this.services = services;
        this.entrance = entrance;
        this.gate = entrance.gate();
        this.beside = Beside.of(services);
    }

    /// Has a last word before the connections end.
    @FunctionalInterface
    public interface Consent {
        /// False if the stop was taken back, so that they stay.
        boolean mayLeave() throws InterruptedException;
    }

    /// Serves `pipe` on a thread of its own; closes it if the gate is closed.
    public void serve(BytePipe pipe) {
        var connection = new Connection(pipe, services, memory, beside, entrance);
        String thread = "redis-" + connection.who();
        try {
            serve(connection, gate.enter(connection.who(), "serving"), thread);
        } catch (StopException refused) {
            services.env().start(thread, connection::turnAway);
        }
    }

    // It is inside, and open, before its thread runs: a stop must not overtake that.
    private void serve(Connection connection, Pass inside, String thread) {
        boolean isServed = false;
        try {
            services.parts().stats().connected();
            services.parts().clients().add(connection.session());
            open.put(connection.session().id(), connection);
            inside.handTo(services.env(), thread, () -> run(connection));
            isServed = true;
        } finally {
            if (!isServed) {
                forget(connection);
                inside.close();
            }
        }
    }

    /// How many are open.
    public int count() {
        return open.size();
    }

    /// Lets nobody in, and ends every connection once all of them have what they had received done
    /// and answered; until then they still read, and may take the stop back. A client that takes
    /// nothing of its replies for a second is cut off, and at the deadline all are that are left.
    /// Returns how many were. If the stop is taken back meanwhile, nobody else leaves.
    ///
    /// @param deadline as it stands at the moment
    /// @param token of this drain: cancelled alone if the stop was taken back
    /// @param consent asked once all are answered, before anybody leaves
    public long drain(Supplier<Deadline> deadline, Token token, Consent consent)
            throws InterruptedException {
        gate.close();
        long cut = awaitSettled(deadline, token);
        boolean mayLeave = token.isCancelled() || consent.mayLeave();
        if (!mayLeave) return cut;
        boolean isOver = token.isCancelled();
        while (!isOver) {
            open.values().forEach(Connection::leave);
            Map<Long, Long> sentBefore = sent();
            Deadline last = withoutCutting(deadline.get());
            List<Holder> left = gate.drain(last.atMost(STALL_MAX), token);
            cut += cutStalled(sentBefore);
            boolean isLate = last.isExpired() || withoutCutting(deadline.get()).isExpired();
            isOver = left.isEmpty() || token.isCancelled() || isLate;
        }
        // A stop that is taken back ends this drain, but not the component's own life.
        boolean isTakenBack = token.isCancelled() && !entrance.token().isCancelled();
        return isTakenBack ? cut : cut + cutAll();
    }

    // To cut off whoever remains takes time, too.
    private Deadline withoutCutting(Deadline deadline) {
        return deadline.atMost(deadline.remaining().minus(CUTTING));
    }

    /// Serves again those who have not left, after a stop was taken back. The gate must be open.
    public void serveAgain() {
        open.values().forEach(Connection::serveAgain);
    }

    private long awaitSettled(Supplier<Deadline> deadline, Token token)
            throws InterruptedException {
        long cut = 0;
        while (!deadline.get().isExpired()) {
            Map<Long, Long> sentBefore = sent();
            Deadline stalled = deadline.get().atMost(STALL_MAX);
            // The deadline is asked for at each look: it may be put off only until it has come.
            while (!stalled.isExpired() && !deadline.get().isExpired()) {
                open.values().forEach(Connections::drainOnce);
                if (open.values().stream().allMatch(Connection::isSettled)) return cut;
                if (token.pause(LOOK) == WaitResult.CANCELLED) return cut;
            }
            cut += cutStalled(sentBefore);
        }
        return cut;
    }

    // Also those who came in while the gate was closing.
    private static void drainOnce(Connection connection) {
        if (!connection.isDraining()) connection.drain();
    }

    // Of those for whom something lies ready: where it comes only later, it was the server that was
    // slow.
    private Map<Long, Long> sent() {
        Map<Long, Long> sent = new HashMap<>();
        open.forEach((id, connection) -> {
            if (connection.hasUnsent()) sent.put(id, connection.sent());
        });
        return sent;
    }

    /// Cuts off all that are left, and returns how many of them had not been sent all.
    public long cutAll() {
        long cut = open.values().stream().filter(connection -> !connection.isTold()).count();
        open.values().forEach(Connection::kill);
        return cut;
    }

    private long cutStalled(Map<Long, Long> sentBefore) {
        long cut = 0;
        for (Map.Entry<Long, Connection> entry : open.entrySet()) {
            Connection connection = entry.getValue();
            Long before = sentBefore.get(entry.getKey());
            if (before == null || !connection.hasUnsent() || before != connection.sent()) continue;
            connection.kill();
            cut++;
        }
        return cut;
    }

    // Whoever finds the gate empty finds no connection open either, but for a moment one whose
    // thread could not be started.
    private void run(Connection connection) {
        try {
            connection.run();
        } finally {
            forget(connection);
        }
    }

    private void forget(Connection connection) {
        open.remove(connection.session().id());
        memory.forget(connection);
        services.parts().clients().remove(connection.session());
    }
}
