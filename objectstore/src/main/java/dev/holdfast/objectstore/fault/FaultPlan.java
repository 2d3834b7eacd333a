package dev.holdfast.objectstore.fault;

import dev.holdfast.objectstore.fault.Fault.None;
import java.util.Map;

/// Decides which calls go wrong. The same call always meets the same fault. Thread-safe.
@FunctionalInterface
public interface FaultPlan {
    /// What happens to `call`.
    Fault faultOf(StoreCall call);

    /// Nothing goes wrong.
    static FaultPlan none() {
        return _ -> new None();
    }

    /// What `script` says for a call's number, and nothing else.
    static FaultPlan script(Map<Long, Fault> script) {
        Map<Long, Fault> fixed = Map.copyOf(script);
        return call -> fixed.getOrDefault(call.number(), new None());
    }

    /// Faults at random, decided by `seed` and a call's number alone.
    static FaultPlan seeded(long seed, FaultRates rates) {
        return new SeededFaultPlan(seed, rates);
    }
}
