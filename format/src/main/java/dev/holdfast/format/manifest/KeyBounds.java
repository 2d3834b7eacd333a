package dev.holdfast.format.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import org.jspecify.annotations.Nullable;

/// The keys between two bounds.
public record KeyBounds(Bound start, Bound end) {
    private static final String NAME = "key range";

    /// True if `key` lies inside.
    public boolean contains(Bytes key) {
        Bytes low = start.key();
        Bytes high = end.key();
        int fromLow = low == null ? 1 : key.compareTo(low);
        int toHigh = high == null ? 1 : high.compareTo(key);
        return (0 < fromLow || (fromLow == 0 && start.kind() == Bound.Kind.INCLUDED))
                && (0 < toHigh || (toHigh == 0 && end.kind() == Bound.Kind.INCLUDED));
    }

    /// Writes the table and returns its position.
    public int encode(FlatBuilder out) {
        int low = encode(out, start);
        int high = encode(out, end);
        return out.reference(0, low).reference(1, high).table();
    }

    private static int encode(FlatBuilder out, Bound bound) {
        Bytes key = bound.key();
        int bytes = key == null ? 0 : out.bytes(key);
        return out.reference(0, bytes).i8(1, bound.kind().id()).table();
    }

    /// Reads the table.
    public static KeyBounds decode(FlatTable table) {
        table.withSlots(2, NAME);
        return new KeyBounds(
                bound(table.requiredTable(0, "range start")),
                bound(table.requiredTable(1, "range end")));
    }

    private static Bound bound(FlatTable table) {
        table.withSlots(2, NAME);
        @Nullable Bytes key = table.bytes(0);
        return new Bound(
                Bound.Kind.of(table.i8(1)), key == null ? null : Bytes.wrap(key.toArray()));
    }
}
