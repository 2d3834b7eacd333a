package dev.holdfast.format.wire;

import dev.holdfast.base.Ulid;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// ULIDs and UUIDs in FlatBuffers: both are tables of two 64-bit numbers.
public final class Identifiers {
    private static final String NAME = "id";

    private Identifiers() {}

    /// Writes the ULID and returns its position; 0 for none.
    public static int encode(FlatBuilder out, @Nullable Ulid id) {
        return id == null ? 0 : pair(out, id.high(), id.low());
    }

    /// Writes the UUID and returns its position; 0 for none.
    public static int encode(FlatBuilder out, @Nullable UUID id) {
        return id == null
                ? 0
                : pair(out, id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /// Writes a vector of ULIDs and returns its position.
    public static int encode(FlatBuilder out, List<Ulid> ids) {
        int[] tables = new int[ids.size()];
        for (int i = 0; i < tables.length; i++) tables[i] = encode(out, ids.get(i));
        return out.references(tables);
    }

    /// The ULID in `slot`, or null.
    public static @Nullable Ulid ulid(FlatTable table, int slot) {
        FlatTable id = table.table(slot);
        return id == null ? null : ulid(id);
    }

    /// The ULID in `slot`, which must be there.
    public static Ulid requiredUlid(FlatTable table, int slot, String name) {
        return ulid(table.requiredTable(slot, name));
    }

    /// The ULIDs in `slot`; none where it is absent.
    public static List<Ulid> ulids(FlatTable table, int slot) {
        FlatTable.Tables tables = table.tables(slot);
        var ids = new ArrayList<Ulid>(tables.count());
        for (int i = 0; i < tables.count(); i++) ids.add(ulid(tables.at(i)));
        return ids;
    }

    /// The UUID in `slot`, or null.
    public static @Nullable UUID uuid(FlatTable table, int slot) {
        FlatTable id = table.table(slot);
        if (id == null) return null;
        id.withSlots(2, NAME);
        return new UUID(id.i64(0, 0), id.i64(1, 0));
    }

    /// The UUID in `slot`, which must be there.
    public static UUID requiredUuid(FlatTable table, int slot, String name) {
        UUID id = uuid(table, slot);
        if (id == null) throw new FormatException(name + " is missing");
        return id;
    }

    private static Ulid ulid(FlatTable id) {
        id.withSlots(2, NAME);
        return new Ulid(id.i64(0, 0), id.i64(1, 0));
    }

    private static int pair(FlatBuilder out, long high, long low) {
        return out.u64(0, high, 0).u64(1, low, 0).table();
    }
}
