package dev.holdfast.format.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Identifiers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tables and fields that both versions of manifests share.
final class ManifestParts {
    /// The format version of an SST where the manifest leaves it out.
    static final int SST_VERSION_ABSENT = 1;

    private ManifestParts() {}

    /// Sets the slots 2 to 6.
    static void encodeHead(Manifest manifest, FlatBuilder out) {
        out.i8(2, manifest.stage() == Stage.READY ? 1 : 0)
                .u64(3, manifest.writerEpoch(), 0)
                .u64(4, manifest.compactorEpoch(), 0)
                .u64(5, manifest.replayAfterWalId(), 0)
                .u64(6, manifest.walIdLastSeen(), 0);
    }

    /// Reads the slots 1 to 6.
    static ManifestBuilder decodeHead(FlatTable root) {
        return Manifest.initial()
                .but()
                .externalDbs(decodeExternalDbs(root.tables(1)))
                .stage(root.bool(2) ? Stage.READY : Stage.CLONING)
                .writerEpoch(root.u63(3, "manifest writer_epoch"))
                .compactorEpoch(root.u63(4, "manifest compactor_epoch"))
                .replayAfterWalId(root.u63(5, "manifest replay_after_wal_id"))
                .walIdLastSeen(root.u63(6, "manifest wal_id_last_seen"));
    }

    static SequenceTracker tracker(@Nullable Bytes bytes) {
        return bytes == null ? SequenceTracker.empty() : SequenceTracker.decode(bytes);
    }

    static int encodeExternalDbs(List<ExternalDb> dbs, FlatBuilder out) {
        if (dbs.isEmpty()) return 0;
        int[] tables = new int[dbs.size()];
        for (int i = 0; i < tables.length; i++) {
            ExternalDb db = dbs.get(i);
            int path = out.string(db.path());
            int source = Identifiers.encode(out, db.sourceCheckpointId());
            int last = Identifiers.encode(out, db.finalCheckpointId());
            int ssts = Identifiers.encode(out, db.sstIds());
            tables[i] =
                    out.reference(0, path)
                            .reference(1, source)
                            .reference(2, last)
                            .reference(3, ssts)
                            .table();
        }
        return out.references(tables);
    }

    private static List<ExternalDb> decodeExternalDbs(FlatTable.Tables tables) {
        var dbs = new ArrayList<ExternalDb>(tables.count());
        for (int i = 0; i < tables.count(); i++) {
            FlatTable db = tables.at(i).withSlots(4, "external db");
            dbs.add(
                    new ExternalDb(
                            db.requiredString(0, "external db path"),
                            Identifiers.requiredUuid(db, 1, "external db source checkpoint"),
                            Identifiers.uuid(db, 2),
                            Identifiers.ulids(db, 3)));
        }
        return dbs;
    }

    static int encodeCheckpoints(List<Checkpoint> checkpoints, FlatBuilder out) {
        int[] tables = new int[checkpoints.size()];
        for (int i = 0; i < tables.length; i++) {
            Checkpoint checkpoint = checkpoints.get(i);
            int id = Identifiers.encode(out, checkpoint.id());
            String name = checkpoint.name();
            int text = name == null ? 0 : out.string(name);
            tables[i] =
                    out.reference(0, id)
                            .u64(1, checkpoint.manifestId(), 0)
                            .u32(2, (int) checkpoint.expireSeconds())
                            .u32(3, (int) checkpoint.createSeconds())
                            .reference(6, text)
                            .table();
        }
        return out.references(tables);
    }

    static List<Checkpoint> decodeCheckpoints(FlatTable root, int slot) {
        FlatTable.Tables tables = root.requiredTables(slot, "manifest checkpoints");
        var checkpoints = new ArrayList<Checkpoint>(tables.count());
        for (int i = 0; i < tables.count(); i++) {
            FlatTable table = tables.at(i).withSlots(7, "checkpoint");
            if (table.has(4) || table.has(5)) throw new FormatException("checkpoint has metadata");
            checkpoints.add(
                    new Checkpoint(
                            Identifiers.requiredUuid(table, 0, "checkpoint id"),
                            table.u63(1, "checkpoint manifest_id"),
                            table.u32(2),
                            table.u32(3),
                            table.string(6)));
        }
        return checkpoints;
    }
}
