package dev.holdfast.redis.transfer;

import dev.holdfast.redis.rdb.RdbPart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Gathers the parts of one value until they are worth a step. Not thread-safe.
public final class PartBuffer implements Consumer<RdbPart> {
    private static final int PARTS_MAX = 1000;
    private static final long BYTES_MAX = 1 << 20;

    private final Consumer<List<RdbPart>> target;
    private List<RdbPart> parts = new ArrayList<>();
    private long bytes;

    public PartBuffer(Consumer<List<RdbPart>> target) {
        this.target = target;
    }

    @Override
    public void accept(RdbPart part) {
        parts.add(part);
        bytes += part.weight();
        if (parts.size() == PARTS_MAX || BYTES_MAX <= bytes) flush();
    }

    /// Has the target get what is left.
    public void flush() {
        if (parts.isEmpty()) return;
        List<RdbPart> full = parts;
        parts = new ArrayList<>();
        bytes = 0;
        target.accept(full);
    }
}
