package dev.holdfast.system.history;

import dev.holdfast.simulation.check.Wgl;
import dev.holdfast.simulation.check.Wgl.Decision;
import dev.holdfast.simulation.check.Wgl.Operation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A value of a family as the object of a history.
record FamilyModel(Family family) implements Wgl.Model<List<String>, List<String>, String> {
    private static final long STEPS_MAX = 500_000;
    private static final Set<String> READS =
            Set.of(
                    "GET",
                    "LRANGE",
                    "LLEN",
                    "LINDEX",
                    "SCARD",
                    "SISMEMBER",
                    "SMEMBERS",
                    "HLEN",
                    "HGET",
                    "HGETALL",
                    "ZCARD",
                    "ZSCORE",
                    "ZRANK",
                    "ZRANGE",
                    "XLEN",
                    "XRANGE",
                    "BALANCES");

    /// Decides whether one value could have been seen like that.
    Decision check(List<Operation<List<String>, String>> operations) {
        return Wgl.check(this, operations.stream().filter(this::matters).toList(), STEPS_MAX);
    }

    // A look that nobody was answered changes nothing and tells nothing.
    private boolean matters(Operation<List<String>, String> operation) {
        return operation.output() != null || !READS.contains(operation.input().getFirst());
    }

    @Override
    public List<String> initial() {
        return List.of();
    }

    @Override
    public @Nullable List<String> step(
            List<String> state, List<String> request, @Nullable String reply) {
        // WATCH may refuse more than it must.
        if (request.getFirst().equals(Strings.CAS) && "null".equals(reply)) return state;
        Family.Outcome outcome = family.outcome(state, request);
        return reply == null || reply.equals(outcome.reply()) ? outcome.after() : null;
    }
}
