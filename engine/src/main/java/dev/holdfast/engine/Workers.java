package dev.holdfast.engine;

import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.compact.Compactor;
import dev.holdfast.engine.gc.Collecting;
import dev.holdfast.lifecycle.Component;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who keeps a database tidy in its own process; null for what is left to others.
record Workers(@Nullable Compactor compactor, @Nullable Collecting collector) {
    Stream<Component> components() {
        return Stream.<@Nullable Component>of(compactor, collector).filter(Objects::nonNull);
    }

    DbStats.Compactions compactions() {
        return compactor == null ? DbStats.Compactions.NONE : compactor.figures();
    }

    DbStats.Collections collections() {
        return collector == null ? DbStats.Collections.NONE : collector.figures();
    }

    long conflicts() {
        return compactor == null ? 0 : compactor.conflicts();
    }
}
