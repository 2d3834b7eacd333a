package dev.holdfast.format.compactions;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.compactions.Compaction.Drain;
import dev.holdfast.format.compactions.Compaction.Part;
import dev.holdfast.format.compactions.Compaction.Progress;
import dev.holdfast.format.compactions.Compaction.Spec;
import dev.holdfast.format.compactions.Compaction.Status;
import dev.holdfast.format.compactions.Compaction.Tiered;
import dev.holdfast.format.compactions.Compaction.Worker;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstHandles;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Identifiers;
import dev.holdfast.format.wire.Trailer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compactions as bytes: `version: u16 | FlatBuffer`, and our trailer behind it. Both versions are
/// read, and written: which one is a matter of the database's profile.
public final class CompactionsCodec {
    /// What every engine reads.
    public static final int VERSION_OLDER = 1;

    /// What newer engines read: it can say where a compaction goes, and how far it is.
    public static final int VERSION_NEWER = 2;

    private static final int SPEC_TIERED = 1;
    private static final int SPEC_DRAIN = 2;
    private static final int CONTEXT_TIERED = 1;

    private CompactionsCodec() {}

    /// Compactions with what their file says about itself.
    ///
    /// @param putId null where another engine wrote the file: then no checksum covers it
    /// @param number of the state, 0 where the file does not tell
    public record Decoded(Compactions compactions, int version, @Nullable Ulid putId, long number) {
        /// This, found in the place of state `expected`. Throws [FormatException] if it tells
        /// another number.
        public Decoded inPlaceOf(long expected) {
            Trailer.requireNumber(number, expected, "compactions");
            return this;
        }
    }

    /// Writes that version with a trailer. Throws [IllegalArgumentException] where only version 2
    /// can say what there is; version 1 leaves destinations out, version 2 needs them.
    ///
    /// @param number of the state, from 1; 0 leaves it untold
    public static Bytes encode(Compactions compactions, int version, long number, Ulid putId) {
        require(version == VERSION_OLDER || version == VERSION_NEWER, "version=%d", version);
        var out = new FlatBuilder(1024);
        int[] tables = new int[compactions.recent().size()];
        for (int i = 0; i < tables.length; i++) {
            Compaction each = compactions.recent().get(i);
            if (version == VERSION_OLDER) requireOlder(each);
            tables[i] = encode(each, version, out);
        }
        int recent = out.references(tables);
        int root = out.u64(0, compactions.compactorEpoch(), 0).reference(1, recent).table();
        return Trailer.seal(version, out, root, putId, number);
    }

    private static void requireOlder(Compaction compaction) {
        require(
                compaction.spec() instanceof Tiered tiered
                        && tiered.segment() == null
                        && compaction.worker() == null
                        && compaction.progress() == null
                        && !compaction.status().isNewer(),
                "compaction %s needs version 2",
                compaction.id());
    }

    private static int encode(Compaction compaction, int version, FlatBuilder out) {
        int id = Identifiers.encode(out, compaction.id());
        int spec =
                switch (compaction.spec()) {
                    case Tiered tiered -> encode(tiered, version, out);
                    case Drain drain -> encode(drain, out);
                };
        int kind = compaction.spec() instanceof Tiered ? SPEC_TIERED : SPEC_DRAIN;
        int outputs =
                compaction.outputs().isEmpty() ? 0 : SstHandles.encode(compaction.outputs(), out);
        int worker = encode(compaction.worker(), out);
        int progress = encode(compaction.progress(), out);
        return out.reference(0, id)
                .i8(1, kind)
                .reference(2, spec)
                .i8(3, compaction.status().ordinal())
                .reference(4, outputs)
                .reference(5, worker)
                .i8(6, progress == 0 ? 0 : CONTEXT_TIERED)
                .reference(7, progress)
                .table();
    }

    private static int encode(Tiered spec, int version, FlatBuilder out) {
        int runs = encodeRuns(spec.sortedRuns(), out);
        int views = encodeIds(spec.l0ViewIds(), out);
        Bytes prefix = spec.segment();
        int segment = prefix == null ? 0 : out.bytes(prefix);
        out.reference(1, runs).reference(2, views).reference(3, segment);
        if (version == VERSION_OLDER) return out.table();
        Long destination = spec.destination();
        require(destination != null, "a compaction without a destination");
        return out.u32(4, destination.intValue()).table();
    }

    private static int encode(Drain spec, FlatBuilder out) {
        int runs = encodeRuns(spec.sortedRuns(), out);
        int views = encodeIds(spec.l0ViewIds(), out);
        int segment = out.bytes(spec.segment());
        return out.reference(0, segment).reference(1, views).reference(2, runs).table();
    }

    private static int encode(@Nullable Worker worker, FlatBuilder out) {
        if (worker == null) return 0;
        int id = out.string(worker.id());
        return out.reference(0, id).u64(1, worker.lastHeartbeatMillis(), 0).table();
    }

    private static int encode(@Nullable Progress progress, FlatBuilder out) {
        if (progress == null) return 0;
        int[] tables = new int[progress.parts().size()];
        for (int i = 0; i < tables.length; i++) {
            Part part = progress.parts().get(i);
            KeyBounds keys = part.range();
            int range = keys == null ? 0 : keys.encode(out);
            int outputs = part.outputs().isEmpty() ? 0 : SstHandles.encode(part.outputs(), out);
            tables[i] = out.reference(0, range).reference(1, outputs).table();
        }
        int parts = out.references(tables);
        return out.reference(0, parts).u64(1, progress.retentionMinSeq(), 0).table();
    }

    private static int encodeRuns(List<Long> runs, FlatBuilder out) {
        return runs.isEmpty() ? 0 : out.u32s(runs.stream().mapToInt(Long::intValue).toArray());
    }

    private static int encodeIds(List<Ulid> ids, FlatBuilder out) {
        return ids.isEmpty() ? 0 : Identifiers.encode(out, ids);
    }

    /// Reads either version, with or without trailer.
    public static Decoded decode(Bytes file) {
        Trailer.Parts parts = Trailer.open(file, "compactions");
        int version = parts.version();
        if (version != VERSION_OLDER && version != VERSION_NEWER)
            throw new FormatException("compactions version unknown. version=`" + version + "`");
        FlatTable root = FlatTable.root(parts.flatBuffer()).withSlots(2, "compactions");
        long epoch = root.u63(0, "compactions compactor_epoch");
        FlatTable.Tables tables = root.requiredTables(1, "compactions recent_compactions");
        var recent = new ArrayList<Compaction>(tables.count());
        var ids = new HashSet<Ulid>();
        for (int i = 0; i < tables.count(); i++) {
            Compaction compaction = decode(tables.at(i).withSlots(8, "compaction"), version);
            if (!ids.add(compaction.id()))
                throw new FormatException("compaction twice. id=`" + compaction.id() + "`");
            recent.add(compaction);
        }
        return new Decoded(new Compactions(epoch, recent), version, parts.putId(), parts.number());
    }

    private static Compaction decode(FlatTable table, int version) {
        if (version < VERSION_NEWER) table.withSlots(5, "compaction of version 1");
        return new Compaction(
                Identifiers.requiredUlid(table, 0, "compaction id"),
                spec(table, version),
                Status.of(table.i8(3)),
                SstHandles.decode(table.tables(4)),
                worker(table.table(5)),
                progress(table));
    }

    private static Spec spec(FlatTable table, int version) {
        FlatTable spec = table.requiredTable(2, "compaction spec");
        int kind = table.i8(1);
        return switch (kind) {
            case SPEC_TIERED -> tiered(spec.withSlots(5, "tiered compaction spec"), version);
            case SPEC_DRAIN -> drain(spec.withSlots(3, "drain segment spec"));
            default -> throw new FormatException("compaction spec unknown. kind=`" + kind + "`");
        };
    }

    private static Tiered tiered(FlatTable spec, int version) {
        FormatException.require(
                !spec.has(0) || !spec.has(2), "tiered compaction names its l0s twice");
        Bytes segment = spec.bytes(3);
        return new Tiered(
                Identifiers.ulids(spec, spec.has(0) ? 0 : 2),
                runs(spec, 1),
                segment == null ? null : Bytes.wrap(segment.toArray()),
                version < VERSION_NEWER && !spec.has(4) ? null : spec.u32(4));
    }

    private static Drain drain(FlatTable spec) {
        Bytes segment = spec.requiredBytes(0, "drain segment");
        return new Drain(Bytes.wrap(segment.toArray()), Identifiers.ulids(spec, 1), runs(spec, 2));
    }

    private static List<Long> runs(FlatTable spec, int slot) {
        int[] ids = spec.u32s(slot);
        var runs = new ArrayList<Long>(ids.length);
        for (int id : ids) runs.add(Integer.toUnsignedLong(id));
        return runs;
    }

    private static @Nullable Worker worker(@Nullable FlatTable table) {
        if (table == null) return null;
        table.withSlots(2, "compaction worker");
        return new Worker(
                table.requiredString(0, "worker id"), table.u63(1, "worker last_heartbeat_ms"));
    }

    private static @Nullable Progress progress(FlatTable table) {
        FlatTable context = table.table(7);
        int kind = table.i8(6);
        FormatException.require((context == null) == (kind == 0), "compaction context kind", kind);
        if (context == null) return null;
        FormatException.require(kind == CONTEXT_TIERED, "compaction context unknown", kind);
        context.withSlots(2, "compaction context");
        FlatTable.Tables tables = context.tables(0);
        var parts = new ArrayList<Part>(tables.count());
        for (int i = 0; i < tables.count(); i++) {
            FlatTable part = tables.at(i).withSlots(2, "subcompaction");
            FlatTable range = part.table(0);
            List<SstHandle> outputs = SstHandles.decode(part.tables(1));
            parts.add(new Part(range == null ? null : KeyBounds.decode(range), outputs));
        }
        return new Progress(parts, context.u63(1, "compaction retention_min_seq"));
    }
}
