package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Holder;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.net.BytePipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The connections that are served, each by its own thread. Thread-safe.
public final class Connections {
    private static final Duration STALL_MAX = Duration.ofSeconds(1);

    private final Services services;
    private final Gate gate;
    private final ClientMemory memory = new ClientMemory(Runtime.getRuntime().maxMemory() / 4);
    private final Map<Long, Connection> open = new ConcurrentHashMap<>();

    /// @param gate knows who is connected; closing it keeps new connections out
    public Connections(Services services, Gate gate) {
        this.services = services;
        this.gate = gate;
    }

    /// Serves `pipe` on a thread of its own; closes it if the gate is closed.
    public void serve(BytePipe pipe) {
        var connection = new Connection(pipe, services, memory);
        services.env().start("redis-" + connection.who(), () -> serve(connection));
    }

    /// How many are open.
    public int count() {
        return open.size();
    }

    /// Lets nobody in, ends every connection once what it has received is done and answered, and
    /// waits for that. A client that takes nothing of its replies for a second is cut off, and at
    /// the deadline all are that are left. Returns how many were.
    public long drain(Deadline deadline) throws InterruptedException {
        gate.close();
        long cut = 0;
        List<Holder> left;
        do {
            open.values().forEach(Connection::drain);
            Map<Long, Long> sentBefore = new HashMap<>();
            open.forEach((id, connection) -> sentBefore.put(id, connection.sent()));
            left = gate.drain(deadline.atMost(STALL_MAX));
            cut += cutStalled(sentBefore);
        } while (!left.isEmpty() && !deadline.isExpired());
        return cut + cutAll();
    }

    /// Cuts off all that are left, and returns how many there were.
    public long cutAll() {
        long cut = open.size();
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

    private void serve(Connection connection) {
        try (var _ = gate.enter(connection.who(), "serving")) {
            serveInside(connection);
        } catch (StopException refused) {
            connection.turnAway();
        }
    }

    // Whoever finds the gate empty finds no connection open either.
    private void serveInside(Connection connection) {
        long id = connection.session().id();
        services.parts().stats().connected();
        services.parts().clients().add(connection.session());
        open.put(id, connection);
        try {
            if (gate.isClosed()) connection.drain();
            connection.run();
        } finally {
            open.remove(id);
            memory.forget(connection);
            services.parts().clients().remove(connection.session());
        }
    }
}
