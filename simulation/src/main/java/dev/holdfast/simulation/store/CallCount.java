package dev.holdfast.simulation.store;

import dev.holdfast.objectstore.fault.StoreCall.Operation;
import java.util.ArrayList;
import java.util.List;

/// The calls of one machine to the store, in the order in which it made them.
public final class CallCount {
    private final List<Operation> calls = new ArrayList<>();

    long next(Operation operation) {
        calls.add(operation);
        return calls.size() - 1;
    }

    /// What was called, in order.
    public List<Operation> calls() {
        return List.copyOf(calls);
    }
}
