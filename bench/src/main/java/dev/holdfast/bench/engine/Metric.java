package dev.holdfast.bench.engine;

import dev.holdfast.bench.peer.Figures;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What of the figures is held against a peer's.
enum Metric {
    RATE("a second", Figures::rate),
    PROCESSOR("us of processor each", figures -> figures.processorEach() * 1e6),
    P50("us, p50", figures -> figures.p50Seconds() * 1e6),
    P99("us, p99", figures -> figures.p99Seconds() * 1e6),
    TIME("ms in all", figures -> figures.seconds() * 1e3),
    PEAK("MiB of memory at most", figures -> figures.peakKib() / 1024.0);

    private final String unit;
    private final ToDoubleFunction<Figures> value;

    Metric(String unit, ToDoubleFunction<Figures> value) {
        this.unit = unit;
        this.value = value;
    }

    double of(Figures figures) {
        return value.applyAsDouble(figures);
    }

    String unit() {
        return unit;
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
