package dev.holdfast.format.manifest;

import dev.holdfast.base.Ulid;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Identifiers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The table of an SST with its properties, as manifests of version 1 and compactions have it.
public final class SstHandles {
    private static final int SLOTS = 4;
    private static final int VISIBLE = 2;

    private SstHandles() {}

    /// Writes a vector of whole SSTs and returns its position.
    public static int encode(List<SstHandle> ssts, FlatBuilder out) {
        int[] tables = new int[ssts.size()];
        for (int i = 0; i < tables.length; i++) tables[i] = encode(ssts.get(i), null, out);
        return out.references(tables);
    }

    /// Reads a vector of whole SSTs.
    public static List<SstHandle> decode(FlatTable.Tables tables) {
        var ssts = new ArrayList<SstHandle>(tables.count());
        for (int i = 0; i < tables.count(); i++) {
            SstView view = decodeView(tables.at(i));
            FormatException.require(view.visible() == null, "compaction output is a part");
            ssts.add(view.sst());
        }
        return ssts;
    }

    static int encodeViews(List<SstView> views, FlatBuilder out) {
        int[] tables = new int[views.size()];
        for (int i = 0; i < tables.length; i++)
            tables[i] = encode(views.get(i).sst(), views.get(i).visible(), out);
        return out.references(tables);
    }

    static List<SstView> decodeViews(FlatTable.Tables tables) {
        var views = new ArrayList<SstView>(tables.count());
        for (int i = 0; i < tables.count(); i++) views.add(decodeView(tables.at(i)));
        return views;
    }

    private static int encode(SstHandle sst, @Nullable KeyBounds visible, FlatBuilder out) {
        int id = Identifiers.encode(out, sst.id());
        int properties = sst.properties().encode(out);
        int range = visible == null ? 0 : visible.encode(out);
        return out.reference(0, id)
                .reference(1, properties)
                .reference(VISIBLE, range)
                .u16(3, sst.version(), ManifestParts.SST_VERSION_ABSENT)
                .table();
    }

    private static SstView decodeView(FlatTable table) {
        table.withSlots(SLOTS, "sst handle");
        Ulid id = Identifiers.requiredUlid(table, 0, "sst id");
        SstProperties properties = SstProperties.decode(table.requiredTable(1, "sst info"));
        FlatTable range = table.table(VISIBLE);
        int version = table.u16(3, ManifestParts.SST_VERSION_ABSENT);
        return new SstView(
                id,
                new SstHandle(id, properties, version),
                range == null ? null : KeyBounds.decode(range));
    }
}
