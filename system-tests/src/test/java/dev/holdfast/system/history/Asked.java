package dev.holdfast.system.history;

import dev.holdfast.simulation.check.Wgl.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request to one key, when it was sent, and what became of it.
///
/// Filled in by the client that asked; read when that client has ended.
final class Asked {
    private final List<String> request;
    private final long call;
    private @Nullable String reply;
    private long end = Operation.NEVER;

    Asked(List<String> request, long call) {
        this.request = request;
        this.call = call;
    }

    void answered(String text, long now) {
        reply = text;
        end = now;
    }

    /// The server is gone: what it has not done by now, it never does.
    void isLost(long now) {
        if (reply == null && end == Operation.NEVER) end = now;
    }

    List<String> request() {
        return request;
    }

    boolean isAnswered() {
        return reply != null;
    }

    Operation<List<String>, String> toOperation() {
        return new Operation<>(request, reply, call, end);
    }
}
