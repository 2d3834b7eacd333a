package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.read.StableView;
import org.jspecify.annotations.Nullable;

/// A database to look at, as it was when it was opened.
record ViewReader(StableView view) implements DbReader {
    @Override
    public @Nullable Bytes get(Bytes key) {
        return view.get(key);
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return view.scan(range, order);
    }

    @Override
    public void close() {
        view.close();
    }
}
