package dev.holdfast.lifecycle.gate;

/// The right to be inside a gate that counts: one for all who enter.
public final class Pass implements AutoCloseable {
    private final Gate gate;

    Pass(Gate gate) {
        this.gate = gate;
    }

    @Override
    public void close() {
        gate.leave();
    }
}
