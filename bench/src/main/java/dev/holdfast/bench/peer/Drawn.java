package dev.holdfast.bench.peer;

/// Numbers below a bound, drawn evenly; the same ones for a seed, and the same for all peers. Not
/// thread-safe.
public final class Drawn {
    private final long below;
    private long state;

    public Drawn(int seed, long below) {
        this.below = below;
        state = seed * 7919L + 12_345;
    }

    /// The next one.
    public long next() {
        state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        return (state >>> 33) % below;
    }
}
