package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.HoldfastReader;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.api.upkeep.DetachReport;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.system.process.SlateDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;

/// One database through the hands of Holdfast and of the real SlateDB in turn, as a seed draws it:
/// whatever either does is done to a model too, and every reading of either is compared with it.
///
/// Not thread-safe. Close it: it ends what is still open.
final class AlternatingRun implements AutoCloseable {
    private static final int TURNS_LEAST = 4;
    private static final int STEPS_MAX = 6;
    private static final long HOUR_MILLIS = 3_600_000;

    /// A checkpoint that is kept, where, and what it must show.
    private record Kept(HoldfastReader keeper, UUID id, Path database, RowModel model) {}

    private final SplittableRandom random;
    private final RandomRows rows;
    private final String where;
    private final Path folder;
    private final List<Kept> kept = new ArrayList<>();
    private final Map<String, Integer> done = new LinkedHashMap<>();
    private RowModel model = new RowModel();
    private Path database;
    private int copies;
    // From then on SlateDB 0.12.1 mixes up scans downwards: see CompactionInteropTest.
    private boolean isCompacted;
    // Its tables lie elsewhere too: SlateDB opens it to write, its readers look for all at home.
    private boolean isClone;
    private int turn;

    /// @param folder of this run alone
    AlternatingRun(long seed, Path folder) throws IOException {
        random = new SplittableRandom(seed);
        rows = new RandomRows(random);
        where = "interop.seed=" + seed;
        this.folder = folder;
        database = Files.createDirectories(folder.resolve("db"));
    }

    /// Plays it, and tells how often what was done.
    Map<String, Integer> play() throws Exception {
        int turns = TURNS_LEAST + random.nextInt(3);
        boolean isOurs = random.nextBoolean();
        for (turn = 0; turn < turns; turn++, isOurs = !isOurs) {
            if (isOurs) playHoldfast();
            else playSlateDb();
            if (random.nextBoolean()) tend();
        }
        var report = Engine.fsck(store(), path());
        assertTrue(report.isSound(), () -> report.problems() + " " + where());
        return done;
    }

    private String where() {
        return where + " turn=" + turn + " database=" + database;
    }

    private void count(String what) {
        done.merge(what, 1, Integer::sum);
    }

    private Compression drawCodec() {
        Compression codec = Compression.values()[random.nextInt(Compression.values().length)];
        count("codec " + codec.name().toLowerCase(Locale.ROOT));
        return codec;
    }

    // Holdfast's turn.

    private void playHoldfast() throws IOException {
        Path left = null;
        try (HoldfastDb db = open(database)) {
            compare(db);
            if (isClone) count("clones opened by Holdfast");
            for (int step = random.nextInt(STEPS_MAX); 0 <= step; step--) step(db);
            compare(db);
            if (random.nextInt(3) == 0 && kept.isEmpty()) {
                db.flush();
                left = Databases.copy(database, folder.resolve("left-" + copies++));
                count("holdfast dies");
            }
        }
        if (left != null) database = left;
    }

    private void step(HoldfastDb db) {
        switch (random.nextInt(12)) {
            case 0 -> db.flushMemtables();
            case 1 -> db.flush();
            case 2 -> optimistic(db);
            case 3 -> keepCheckpoint(db);
            case 4 -> transaction(db);
            case 5 -> deleteRange(db);
            case 6 -> ingest(db);
            default -> db.write(ourBatch(rows.distinct()), Durability.MEMORY);
        }
        if (random.nextInt(4) == 0) compare(db);
    }

    private WriteBatch ourBatch(List<RandomRows.Row> drawn) {
        var batch = new WriteBatch();
        for (RandomRows.Row row : drawn) {
            Bytes key = row.key();
            switch (kindFor(row, model)) {
                case DELETE -> batch.delete(key);
                case PUT -> batch.put(key, row.value());
                case PUT_OVER -> batch.put(key, row.value(), RowModel.OVER);
                case PUT_EXPIRING -> batch.put(key, row.value(), inAnHour());
                case MERGE -> batch.merge(key, row.value());
            }
            apply(row, model);
        }
        count("our batches");
        return batch;
    }

    private void deleteRange(HoldfastDb db) {
        KeyRange range = rows.range();
        var gone = model.pairs(range).keySet();
        assertEquals(gone.size(), db.deleteRange(range), this::where);
        gone.forEach(model::delete);
        count("our ranges deleted");
    }

    private void ingest(HoldfastDb db) {
        var sorted = new TreeMap<Bytes, RandomRows.Row>();
        for (RandomRows.Row row : rows.distinct()) sorted.put(row.key(), row);
        var options = Db.Ingest.Options.defaults().withTableSize(ByteSize.kibibytes(4));
        try (Db.Ingest ingest = db.ingest(options)) {
            sorted.forEach((key, row) -> {
                if (row.kind() == RandomRows.Kind.DELETE) ingest.delete(key);
                else ingest.put(key, row.value());
            });
            ingest.commit();
        }
        sorted.forEach((key, row) -> {
            if (row.kind() == RandomRows.Kind.DELETE) model.delete(key);
            else model.put(key, row.value(), 0);
        });
        count("our ingests");
    }

    // Engines differ in what they make of a merge on a row whose time is over.
    private static RandomRows.Kind kindFor(RandomRows.Row row, RowModel on) {
        boolean isOnOver = row.kind() == RandomRows.Kind.MERGE && on.isOver(row.key());
        return isOnOver ? RandomRows.Kind.PUT : row.kind();
    }

    private static void apply(RandomRows.Row row, RowModel to) {
        switch (kindFor(row, to)) {
            case DELETE -> to.delete(row.key());
            case PUT -> to.put(row.key(), row.value(), 0);
            case PUT_OVER -> to.put(row.key(), row.value(), RowModel.OVER);
            case PUT_EXPIRING -> to.put(row.key(), row.value(), HOUR_MILLIS);
            case MERGE -> to.merge(row.key(), row.value());
        }
    }

    private static long inAnHour() {
        return Env.system().currentTimeMillis() + HOUR_MILLIS;
    }

    private void transaction(HoldfastDb db) {
        var level = random.nextBoolean() ? IsolationLevel.SNAPSHOT : IsolationLevel.SERIALIZABLE;
        List<RandomRows.Row> drawn = rows.distinct();
        List<Bytes> keys = rows.some();
        boolean isDisturbed = random.nextInt(3) == 0;
        boolean isRolledBack = random.nextInt(4) == 0;
        boolean isRefused = false;
        var inside = model.copy();
        try (Transaction transaction = db.begin(level)) {
            for (Bytes key : keys) assertEquals(model.get(key), transaction.get(key), this::where);
            for (RandomRows.Row row : drawn) {
                if (row.kind() == RandomRows.Kind.DELETE) transaction.delete(row.key());
                else transaction.put(row.key(), row.value());
                if (row.kind() == RandomRows.Kind.DELETE) inside.delete(row.key());
                else inside.put(row.key(), row.value(), 0);
            }
            if (isDisturbed) {
                Bytes key = drawn.getFirst().key();
                Bytes value = rows.value();
                db.write(new WriteBatch().put(key, value), Durability.MEMORY);
                model.put(key, value, 0);
            }
            for (Bytes key : keys) assertEquals(inside.get(key), transaction.get(key), this::where);
            if (isRolledBack) transaction.rollback();
            else transaction.commit(Durability.MEMORY);
        } catch (Conflict refused) {
            isRefused = true;
        }
        assertEquals(isDisturbed && !isRolledBack, isRefused, this::where);
        if (!isRolledBack && !isRefused) model = inside;
        count("our transactions");
    }

    // Reads, then writes if nobody has written what was read; in half of the cases somebody has.
    private void optimistic(HoldfastDb db) {
        Bytes key = rows.key();
        Bytes value = rows.value();
        boolean isDisturbed = random.nextBoolean();
        boolean isRefused = false;
        try (ReadView view = db.view()) {
            assertEquals(model.get(key), view.get(key), this::where);
            if (isDisturbed) {
                Bytes other = rows.value();
                db.write(new WriteBatch().put(key, other), Durability.MEMORY);
                model.put(key, other, 0);
            }
            db.writeIfUnchanged(view, new WriteBatch().put(key, value), null);
            model.put(key, value, 0);
        } catch (Conflict refused) {
            isRefused = true;
        }
        assertEquals(isDisturbed, isRefused, this::where);
        count("our conditional writes");
    }

    // What a checkpoint holds is in tables: SlateDB's reader of a checkpoint looks there.
    private void keepCheckpoint(HoldfastDb db) {
        if (2 <= kept.size() || isClone) return;
        db.flushMemtables();
        var lifetime = ReaderSettings.heldCheckpoint(Duration.ofMinutes(10));
        HoldfastReader keeper =
                Engine.builder(store(), path())
                        .mergeOperator(Databases.CONCATENATE)
                        .openReader(lifetime);
        UUID id = keeper.status().checkpoint();
        if (id == null) throw new AssertionError("no checkpoint, " + where());
        kept.add(new Kept(keeper, id, database, model.copy()));
        count("checkpoints");
    }

    private void compare(Reads db) {
        TreeMap<Bytes, Bytes> pairs = model.pairs();
        assertEquals(pairs, Databases.rows(db), this::where);
        List<Bytes> descending = List.copyOf(pairs.descendingKeySet());
        assertEquals(descending, Databases.keysDescending(db), this::where);
        for (Bytes key : rows.some()) assertEquals(model.get(key), db.get(key), this::where);
        KeyRange range = rows.range();
        var found = new TreeMap<Bytes, Bytes>();
        try (Scan scan = db.scan(range)) {
            while (scan.next())
                found.put(Bytes.wrap(scan.key().toArray()), Bytes.wrap(scan.value().toArray()));
        }
        assertEquals(model.pairs(range), found, this::where);
        count("our readings");
    }

    // SlateDB's turn.

    private void playSlateDb() throws IOException {
        try (SlateDb db = SlateDb.open(database, slateDb(drawCodec()))) {
            compare(db);
            if (isClone) count("clones opened by SlateDB");
            for (int step = random.nextInt(STEPS_MAX); 0 <= step; step--) step(db);
            compare(db);
            lookAtCheckpoints(db);
            if (random.nextInt(3) == 0) {
                db.flush(); // then it dies
                count("slatedb dies");
            } else {
                db.shutdown();
            }
        }
    }

    private void step(SlateDb db) {
        switch (random.nextInt(9)) {
            case 0 -> db.flushMemtable();
            case 1 -> db.flush();
            case 2, 3 -> transaction(db);
            default -> {
                db.write(theirBatch(model, rows.distinct()));
                count("their batches");
            }
        }
        if (random.nextInt(4) == 0) compare(db);
    }

    private static List<SlateDb.Row> theirBatch(RowModel on, List<RandomRows.Row> drawn) {
        var batch = new ArrayList<SlateDb.Row>();
        for (RandomRows.Row row : drawn) {
            SlateDb.Row put = SlateDb.Row.put(row.key(), row.value());
            batch.add(
                    switch (kindFor(row, on)) {
                        case DELETE -> SlateDb.Row.delete(row.key());
                        case PUT -> put;
                        case PUT_OVER -> put.expiringAt(RowModel.OVER);
                        case PUT_EXPIRING -> put.expiringAfter(HOUR_MILLIS);
                        case MERGE -> SlateDb.Row.merge(row.key(), row.value());
                    });
            apply(row, on);
        }
        return batch;
    }

    private void transaction(SlateDb db) {
        String isolation = random.nextBoolean() ? "Snapshot" : "SerializableSnapshot";
        List<Bytes> keys = rows.some();
        keys.removeIf(model::isOver);
        var before = model.get(keys);
        var inside = model.copy();
        List<RandomRows.Row> drawn = rows.distinct();
        List<SlateDb.Row> own = theirBatch(inside, drawn);
        var between = new ArrayList<SlateDb.Row>();
        if (random.nextInt(3) == 0) {
            // somebody else writes a key that this one writes too: the second is refused
            Bytes key = drawn.getFirst().key();
            Bytes value = rows.value();
            between.add(SlateDb.Row.put(key, value));
            model.put(key, value, 0);
        }
        String end = random.nextInt(4) == 0 ? "rollback" : "commit";
        var got = db.transact(new SlateDb.Transaction(isolation, keys, own, between, end));
        assertEquals(before, got.before(), this::where);
        for (int i = 0; i < keys.size(); i++)
            if (!inside.isOver(keys.get(i)))
                assertEquals(inside.get(keys.get(i)), got.after().get(i), this::where);
        boolean isCommit = end.equals("commit");
        assertEquals(isCommit && !between.isEmpty(), got.isRefused(), this::where);
        if (isCommit && between.isEmpty()) model = inside;
        count("their transactions");
    }

    private void compare(SlateDb db) {
        TreeMap<Bytes, Bytes> pairs = model.pairs();
        assertEquals(pairs, model.withoutOver(db.scan()), this::where);
        if (!isCompacted) {
            var descending = new ArrayList<>(db.keysDescending());
            descending.removeIf(model::isOver);
            assertEquals(List.copyOf(pairs.descendingKeySet()), descending, this::where);
        }
        List<Bytes> keys = rows.some();
        keys.removeIf(model::isOver);
        assertEquals(model.get(keys), db.get(keys), this::where);
        KeyRange range = rows.range();
        var ranged = model.withoutOver(db.scan(range.start(), range.end()));
        assertEquals(model.pairs(range), ranged, this::where);
        var prefixed = model.withoutOver(db.scanPrefix(RandomRows.PREFIX));
        assertEquals(model.pairs(KeyRange.prefix(RandomRows.PREFIX)), prefixed, this::where);
        count("their readings");
    }

    private void lookAtCheckpoints(SlateDb beside) {
        int handle = 1;
        for (Kept each : kept) {
            SlateDb reader = beside.readerBeside(each.database, each.id, handle++);
            var found = each.model.withoutOver(reader.scan());
            assertEquals(each.model.pairs(), found, () -> "checkpoint, " + where());
            List<Bytes> keys = rows.some();
            keys.removeIf(each.model::isOver);
            assertEquals(each.model.get(keys), reader.get(keys), this::where);
            reader.shutdown();
            count("checkpoints read by SlateDB");
        }
        for (Kept each : kept)
            assertEquals(each.model.pairs(), Databases.rows(each.keeper), this::where);
    }

    // Between two turns.

    private void tend() throws InterruptedException {
        if (random.nextInt(3) == 0) {
            if (isClone) detach();
            else goOnWithAClone();
        }
        if (random.nextBoolean()) return;
        compact(random.nextBoolean() ? Style.EVERYTHING : Style.TIERED);
        if (random.nextBoolean()) collect();
        isCompacted = true;
        count("compactions");
    }

    private void compact(Style style) throws InterruptedException {
        var settings = settings(drawCodec());
        CompactionSettings compaction = settings.compaction().withStyle(style);
        var how = settings.but().compaction(compaction).build();
        try (var compactor = Engine.compactor(store(), path(), how)) {
            compactor.start();
            compactor.awaitIdle(Duration.ofMinutes(1));
        }
    }

    private void collect() {
        Engine.collect(store(), path(), new CollectionRules(Duration.ZERO, Sweep.REMOVE));
    }

    // What becomes of the parent afterwards is nothing to the clone.
    private void goOnWithAClone() throws InterruptedException {
        Path child = folder.resolve("clone-" + copies++);
        Engine.clones(store())
                .create(child.getFileName().toString(), List.of(CloneSource.of(path())));
        try (HoldfastDb parent = open(database)) {
            for (RandomRows.Row row : rows.distinct())
                parent.write(new WriteBatch().put(row.key(), rows.value()), Durability.MEMORY);
            parent.flushMemtables();
        }
        compact(Style.EVERYTHING);
        collect();
        database = child;
        isClone = true;
        count("clones");
    }

    private void detach() {
        DetachReport report = Engine.clones(store()).detach(path(), Duration.ZERO);
        isClone = !report.isDetached();
        count(isClone ? "clones not detached yet" : "clones detached");
    }

    // The folder of all of a run's databases: a clone finds the tables of its parent there.
    private ObjectStore store() {
        return ObjectStores.open(Databases.url(folder), Env.system());
    }

    private String path() {
        return database.getFileName().toString();
    }

    private HoldfastDb open(Path database) {
        return Engine.builder(store(), database.getFileName().toString())
                .settings(settings(drawCodec()))
                .mergeOperator(Databases.CONCATENATE)
                .open();
    }

    private Settings settings(Compression codec) {
        return Settings.defaults()
                .but()
                .untended()
                .compression(codec)
                .flushInterval(Duration.ofMillis(20))
                .l0SstSize(ByteSize.kibibytes(64))
                .blockSize(ByteSize.bytes(256L << random.nextInt(5)))
                .filterKeysMin(random.nextInt(2) * 100)
                .build();
    }

    private Map<String, Object> slateDb(Compression codec) {
        var settings = new HashMap<String, Object>();
        settings.put("l0_max_ssts", 10_000); // no flush waits for a compactor, which is off
        settings.put("min_filter_keys", random.nextInt(2) * 100);
        settings.put("flush_interval", "20ms");
        String name = codec.name().charAt(0) + codec.name().substring(1).toLowerCase(Locale.ROOT);
        if (codec != Compression.NONE) settings.put("compression_codec", name);
        return settings;
    }

    @Override
    public void close() {
        for (Kept each : kept) each.keeper.close();
    }
}
