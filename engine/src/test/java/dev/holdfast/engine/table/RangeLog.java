package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.ForwardingStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store that writes down which ranges were read. Not thread-safe.
final class RangeLog extends ForwardingStore {
    record Range(long offset, long end) {}

    final List<Range> ranges = new ArrayList<>();

    RangeLog(ObjectStore inner) {
        super(inner);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        ranges.add(new Range(offset, offset + length));
        return inner.get(name, offset, length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        Bytes found = inner.getUpTo(name, offset, lengthMax);
        if (found != null) ranges.add(new Range(offset, offset + found.length()));
        return found;
    }
}
