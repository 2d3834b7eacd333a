package dev.holdfast.format.work;

import static dev.holdfast.format.wire.FormatException.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstHandles;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Identifiers;
import dev.holdfast.format.wire.Trailer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Orders, claims and results as bytes: `version: u16 | FlatBuffer | trailer`.
///
/// Each says what it is and which part it is about, so that one found in another's place is told
/// apart. Without a trailer, that is without a checksum, nothing is read.
public final class PaperCodec {
    private static final int VERSION = 1;
    private static final int SLOTS = 24;

    private static final int KIND = 0;
    private static final int JOB = 1;
    private static final int EPOCH = 2;
    private static final int ROUND = 3;
    private static final int PART = 4;
    private static final int ATTEMPT = 5;
    private static final int START = 6;
    private static final int END = 7;
    private static final int L0 = 8;
    private static final int RUNS = 9;
    private static final int DESTINATION = 10;
    private static final int SEQ_MIN = 11;
    private static final int NOW = 12;
    private static final int BENEATH = 13;
    private static final int BLOCK_SIZE = 14;
    private static final int CODEC = 15;
    private static final int FILTER_BITS = 16;
    private static final int FILTER_ROWS_MIN = 17;
    private static final int TABLE_BYTES = 18;
    private static final int BEAT = 19;
    private static final int TABLES = 20;
    private static final int DIGESTS = 21;
    private static final int FILTER_FORM = 22;
    private static final int SEGMENT = 23;

    // Where claims and results have what orders have not.
    private static final int CLAIMANT = 8;
    private static final int WORKER = 9;
    private static final int ROWS_READ = 10;
    private static final int CAUSE = 11;
    private static final int ENDING = 13;

    private static final int NAME_LENGTH_MAX = 200;

    private enum Kind {
        NOTHING,
        ORDER,
        CLAIM,
        RESULT
    }

    private PaperCodec() {}

    /// Writes an order.
    public static Bytes encode(PartOrder order, Ulid putId) {
        var out = new FlatBuilder(1024);
        int start = bytes(order.start(), out);
        int end = bytes(order.end(), out);
        int segment = bytes(order.sources().segment(), out);
        int l0 = Identifiers.encode(out, order.sources().l0());
        int runs = out.u32s(order.sources().runs().stream().mapToInt(Long::intValue).toArray());
        int tables = tables(order.finished(), out);
        int digests = digests(order.finished(), out);
        int job = Identifiers.encode(out, order.key().job());
        SstSettings form = order.making().form();
        key(Kind.ORDER, order.key(), job, out)
                .reference(START, start)
                .reference(END, end)
                .reference(L0, l0)
                .reference(RUNS, runs)
                .u32(DESTINATION, (int) order.sources().destination())
                .u64(SEQ_MIN, order.keeping().seqMin(), 0)
                .u64(NOW, order.keeping().nowMillis(), 0)
                .i8(BENEATH, order.keeping().beneath().ordinal())
                .u32(BLOCK_SIZE, form.blockSize())
                .i8(CODEC, form.codec().id())
                .u32(FILTER_BITS, form.filterBitsPerKey())
                .u32(FILTER_ROWS_MIN, form.filterRowsMin())
                .u64(TABLE_BYTES, order.making().tableBytes(), 0)
                .u64(BEAT, order.making().beat().toMillis(), 0)
                .reference(TABLES, tables)
                .reference(DIGESTS, digests)
                .i8(FILTER_FORM, form.filterForm().ordinal())
                .reference(SEGMENT, segment);
        return Trailer.seal(VERSION, out, out.table(), putId);
    }

    /// Writes a claim.
    public static Bytes encode(PartClaim claim, Ulid putId) {
        var out = new FlatBuilder(512);
        int worker = out.string(claim.worker());
        int claimant = Identifiers.encode(out, claim.claimant());
        int tables = tables(claim.finished(), out);
        int digests = digests(claim.finished(), out);
        int job = Identifiers.encode(out, claim.key().job());
        key(Kind.CLAIM, claim.key(), job, out)
                .reference(CLAIMANT, claimant)
                .reference(WORKER, worker)
                .u64(ROWS_READ, claim.steps(), 0)
                .u64(BEAT, claim.beat(), 0)
                .reference(TABLES, tables)
                .reference(DIGESTS, digests);
        return Trailer.seal(VERSION, out, out.table(), putId);
    }

    /// Writes a result.
    public static Bytes encode(PartResult result, Ulid putId) {
        var out = new FlatBuilder(512);
        int start = bytes(result.start(), out);
        int end = bytes(result.end(), out);
        int worker = out.string(result.worker());
        int cause = out.string(result.cause());
        int claimant = Identifiers.encode(out, result.claimant());
        int tables = tables(result.finished(), out);
        int digests = digests(result.finished(), out);
        int job = Identifiers.encode(out, result.key().job());
        key(Kind.RESULT, result.key(), job, out)
                .reference(START, start)
                .reference(END, end)
                .reference(CLAIMANT, claimant)
                .reference(WORKER, worker)
                .u64(ROWS_READ, result.rowsRead(), 0)
                .reference(CAUSE, cause)
                .i8(ENDING, result.ending().ordinal())
                .reference(TABLES, tables)
                .reference(DIGESTS, digests);
        return Trailer.seal(VERSION, out, out.table(), putId);
    }

    private static int bytes(@Nullable Bytes key, FlatBuilder out) {
        return key == null ? 0 : out.bytes(key);
    }

    private static int tables(List<FinishedTable> finished, FlatBuilder out) {
        return SstHandles.encode(finished.stream().map(FinishedTable::table).toList(), out);
    }

    private static int digests(List<FinishedTable> finished, FlatBuilder out) {
        int[] positions = new int[finished.size()];
        for (int i = 0; i < positions.length; i++) {
            FinishedTable each = finished.get(i);
            positions[i] = out.u64(0, each.rows(), 0).u64(1, each.digest(), 0).table();
        }
        return out.references(positions);
    }

    private static FlatBuilder key(Kind kind, PartKey key, int job, FlatBuilder out) {
        return out.i8(KIND, kind.ordinal())
                .reference(JOB, job)
                .u64(EPOCH, key.epoch(), 0)
                .u32(ROUND, key.round())
                .u32(PART, key.part())
                .u32(ATTEMPT, key.attempt());
    }

    /// Reads the order of `expected`.
    public static PartOrder order(Bytes file, PartKey expected) {
        return read(file, Kind.ORDER, expected, PaperCodec::order);
    }

    private static PartOrder order(FlatTable table) {
        int beneath = table.i8(BENEATH);
        require(beneath == 0 || beneath == 1, "work order beneath", beneath);
        var form =
                new SstSettings(
                        number(table, BLOCK_SIZE),
                        Codec.of(table.i8(CODEC)),
                        number(table, FILTER_BITS),
                        number(table, FILTER_ROWS_MIN),
                        filterForm(table));
        long beatMillis = table.u63(BEAT, "work order beat");
        return new PartOrder(
                key(table),
                owned(table.bytes(START)),
                owned(table.bytes(END)),
                new PartOrder.Sources(
                        Identifiers.ulids(table, L0),
                        runs(table),
                        table.u32(DESTINATION),
                        owned(table.bytes(SEGMENT))),
                new PartOrder.Keeping(
                        table.u63(SEQ_MIN, "work order seq"),
                        table.i64(NOW, 0),
                        PartOrder.Keeping.Beneath.values()[beneath]),
                new PartOrder.Making(
                        form,
                        table.u63(TABLE_BYTES, "work order table size"),
                        Duration.ofMillis(beatMillis)),
                finished(table));
    }

    private static FilterForm filterForm(FlatTable table) {
        int form = table.i8(FILTER_FORM);
        var forms = FilterForm.values();
        require(0 <= form && form < forms.length, "work order filter form", form);
        return forms[form];
    }

    /// Reads the claim to `expected`.
    public static PartClaim claim(Bytes file, PartKey expected) {
        return read(file, Kind.CLAIM, expected, PaperCodec::claim);
    }

    private static PartClaim claim(FlatTable table) {
        return new PartClaim(
                key(table),
                Identifiers.requiredUlid(table, CLAIMANT, "work claimant"),
                text(table, WORKER),
                table.u63(BEAT, "work claim beat"),
                table.u63(ROWS_READ, "work claim steps"),
                finished(table));
    }

    /// Reads the result of `expected`.
    public static PartResult result(Bytes file, PartKey expected) {
        return read(file, Kind.RESULT, expected, PaperCodec::result);
    }

    private static PartResult result(FlatTable table) {
        int ending = table.i8(ENDING);
        var endings = PartResult.Ending.values();
        require(0 <= ending && ending < endings.length, "work result ending", ending);
        return new PartResult(
                key(table),
                owned(table.bytes(START)),
                owned(table.bytes(END)),
                Identifiers.requiredUlid(table, CLAIMANT, "work claimant"),
                text(table, WORKER),
                endings[ending],
                table.u63(ROWS_READ, "work result rows"),
                finished(table),
                text(table, CAUSE));
    }

    private static <T> T read(
            Bytes file, Kind kind, PartKey expected, Function<FlatTable, T> decode) {
        Trailer.Parts parts = Trailer.open(file, "work paper");
        require(parts.putId() != null, "work paper without a checksum");
        require(parts.version() == VERSION, "work paper version unknown", parts.version());
        try {
            FlatTable table = FlatTable.root(parts.flatBuffer()).withSlots(SLOTS, "work paper");
            require(table.i8(KIND) == kind.ordinal(), "another work paper. kind", table.i8(KIND));
            if (!expected.equals(key(table)))
                throw new FormatException("work paper of another part. key=`" + key(table) + "`");
            return decode.apply(table);
        } catch (IllegalArgumentException wrong) {
            throw new FormatException("work paper says what cannot be: " + wrong, wrong);
        }
    }

    private static PartKey key(FlatTable table) {
        return new PartKey(
                Identifiers.requiredUlid(table, JOB, "work paper job"),
                table.u63(EPOCH, "work paper epoch"),
                number(table, ROUND),
                number(table, PART),
                number(table, ATTEMPT));
    }

    private static int number(FlatTable table, int slot) {
        long value = table.u32(slot);
        require(value <= Integer.MAX_VALUE, "work paper number too large", value);
        return (int) value;
    }

    private static String text(FlatTable table, int slot) {
        String text = table.requiredString(slot, "work paper text");
        require(text.length() <= NAME_LENGTH_MAX, "work paper text too long", text.length());
        return text;
    }

    // A copy, so that a key does not keep the whole paper in memory.
    private static @Nullable Bytes owned(@Nullable Bytes bytes) {
        return bytes == null ? null : Bytes.wrap(bytes.toArray());
    }

    private static List<Long> runs(FlatTable table) {
        int[] ids = table.u32s(RUNS);
        var runs = new ArrayList<Long>(ids.length);
        for (int id : ids) runs.add(Integer.toUnsignedLong(id));
        return runs;
    }

    private static List<FinishedTable> finished(FlatTable table) {
        List<SstHandle> handles = SstHandles.decode(table.requiredTables(TABLES, "work tables"));
        FlatTable.Tables digests = table.requiredTables(DIGESTS, "work digests");
        require(handles.size() == digests.count(), "work digests missing", digests.count());
        var finished = new ArrayList<FinishedTable>(handles.size());
        for (int i = 0; i < handles.size(); i++) {
            FlatTable digest = digests.at(i).withSlots(2, "work digest");
            long rows = digest.u63(0, "work rows");
            finished.add(new FinishedTable(handles.get(i), rows, digest.i64(1, 0)));
        }
        return finished;
    }
}
