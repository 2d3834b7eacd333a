package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;
import java.util.function.Consumer;

/// Carries tables from place to place: checked on the way, and not again where they are already.
///
/// Repeating it changes nothing: a table's name always stands for the same bytes.
public final class TableTransfer {
    private final ObjectStore from;
    private final ObjectStore to;
    private final Sealing sealing;

    public TableTransfer(ObjectStore from, ObjectStore to, Sealing sealing) {
        this.from = from;
        this.to = to;
        this.sealing = sealing;
    }

    /// Brings the object `name`, which holds `table`, to `target`. Returns how many bytes were
    /// copied; 0 if they were there. Throws `CorruptData` if the source is missing or damaged,
    /// `Unavailable` if the store does not confirm.
    public long bring(String name, String target, SstView table) {
        if (isThere(target, table)) return 0;
        Bytes object = from.get(name);
        if (object == null) throw missing(name);
        check(name, object, table);
        return switch (to.put(target, List.of(object))) {
            case PutResult.Stored _ -> object.length();
            case PutResult.AlreadyExists _ ->
                    throw new AssertionError("an unconditional put cannot lose " + target);
            case PutResult.Unknown lost ->
                    throw new Unavailable("not confirmed. object=`" + target + "`", lost.cause());
        };
    }

    /// Shows `sink` every row of the object `name`, which holds `table`, in their order. Throws
    /// `CorruptData` if it is missing or damaged.
    public void read(String name, SstView table, Consumer<RowCursor> sink) {
        Bytes object = from.get(name);
        if (object == null) throw missing(name);
        check(name, object, table);
        SstProperties properties = table.sst().properties();
        SectionSeal seal = sealing.table(table.sst().id());
        try {
            Bytes stored =
                    object.slice((int) properties.index().offset(), (int) properties.index().end());
            SstIndex index = SstDecoder.index(stored, properties, seal);
            var form = new SstDecoder.BlockForm(properties.codec(), table.sst().version(), seal);
            for (int i = 0; i < index.blockCount(); i++) {
                int start = (int) index.blockOffset(i);
                Bytes block = object.slice(start, start + index.blockLength(i));
                RowCursor rows = SstDecoder.block(block, form, start).cursor(Direction.ASCENDING);
                while (rows.next()) sink.accept(rows);
            }
        } catch (FormatException wrong) {
            throw new CorruptData(wrong.getMessage() + ". object=`" + name + "`", wrong);
        }
    }

    /// True if the object `name` reads as `table`: an encrypted one does under its own id only.
    public boolean isReadable(String name, SstView table) {
        Bytes object = from.get(name);
        if (object == null) throw missing(name);
        try {
            SectionSeal seal = sealing.table(table.sst().id());
            SstVerifier.verify(object, table.sst().properties(), table.sst().version(), seal);
            return true;
        } catch (FormatException unreadable) {
            return false;
        }
    }

    private boolean isThere(String target, SstView table) {
        ObjectMeta there = to.head(target);
        if (there == null) return false;
        try {
            table.sst().properties().requireFits(there.size());
            return true;
        } catch (FormatException otherSize) {
            return false;
        }
    }

    private void check(String name, Bytes object, SstView table) {
        try {
            SectionSeal seal = sealing.table(table.sst().id());
            SstVerifier.verify(object, table.sst().properties(), table.sst().version(), seal);
        } catch (FormatException wrong) {
            throw new CorruptData(wrong.getMessage() + ". object=`" + name + "`", wrong);
        }
    }

    private static CorruptData missing(String name) {
        return new CorruptData("DATA_MISSING: table not found. object=`" + name + "`", null);
    }
}
