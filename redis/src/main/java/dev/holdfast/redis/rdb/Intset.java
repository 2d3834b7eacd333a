package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// The members of a set of integers, in their order.
///
/// ```
/// | bytes of a number u32 | count u32 | numbers, least byte first |
/// ```
final class Intset implements PackedElements {
    private final PackedBytes in;
    private final int width;
    private long before = Long.MIN_VALUE;
    private boolean isFirst = true;

    Intset(PackedBytes in) {
        this.in = in;
        long announced = in.unsigned(Integer.BYTES);
        long count = in.unsigned(Integer.BYTES);
        if (announced != 2 && announced != 4 && announced != 8)
            throw in.damaged("intset form unknown");
        this.width = (int) announced;
        if (count * width != in.left()) throw in.damaged("intset of another length");
    }

    @Override
    public @Nullable Bytes next() {
        if (in.left() == 0) return null;
        long value = in.little(width);
        if (!isFirst && value <= before) throw in.damaged("intset without order");
        isFirst = false;
        before = value;
        return PackedElements.text(value);
    }
}
