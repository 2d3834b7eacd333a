package dev.holdfast.simulation.store;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.fault.StoreCall;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides which call meets which class of faults, and remembers the phases.
final class Misfortune {
    private final Env env;
    private final Chance chance;
    private final Map<StoreFault, Long> untilNanos = new EnumMap<>(StoreFault.class);

    Misfortune(Env env, Chance chance) {
        this.env = env;
        this.chance = chance;
    }

    void begin(StoreFault phase, Duration duration) {
        untilNanos.merge(phase, env.nanoTime() + duration.toNanos(), Math::max);
    }

    void endPhases() {
        untilNanos.clear();
    }

    /// What happens to `call`; null if it is lucky.
    @Nullable StoreFault of(StoreCall call, StoreFaults faults) {
        StoreFault phase = phaseOf(call.operation());
        if (phase != null) return phase;
        int left = chance.below(StoreFaults.OF);
        for (Map.Entry<StoreFault, Integer> each : faults.rates().entrySet()) {
            StoreFault fault = each.getKey();
            if (!fault.canStrike(call.operation())) continue;
            left -= each.getValue();
            if (0 <= left) continue;
            if (fault.isPhase()) begin(fault, chance.ofAnyMagnitude(faults.timing().phaseMax()));
            return fault;
        }
        return null;
    }

    private @Nullable StoreFault phaseOf(Operation operation) {
        for (Map.Entry<StoreFault, Long> each : untilNanos.entrySet()) {
            StoreFault phase = each.getKey();
            boolean strikes = phase.canStrike(operation) && env.nanoTime() < each.getValue();
            if (strikes && (phase != StoreFault.SLOW_DOWN || chance.coin())) return phase;
        }
        return null;
    }
}
