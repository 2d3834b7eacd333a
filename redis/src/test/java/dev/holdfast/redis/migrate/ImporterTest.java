package dev.holdfast.redis.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.TestEnv;
import dev.holdfast.redis.migrate.ImportPlan.Existing;
import dev.holdfast.redis.migrate.ImportPlan.Unfinished;
import dev.holdfast.redis.rdb.RdbException.Damaged;
import dev.holdfast.redis.rdb.RdbReader;
import dev.holdfast.redis.rdb.RdbRecord;
import dev.holdfast.redis.rdb.RdbType;
import dev.holdfast.redis.rdb.RdbWriter;
import dev.holdfast.redis.transfer.TransferCommands;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Imports that come to their end, and such that do not at first.
class ImporterTest {
    private static final ImportPlan PLAN = new ImportPlan(Existing.REFUSED, Unfinished.RESUMED);

    private final Env env = new TestEnv(1);
    private final byte[] snapshot = SampleSnapshot.bytes();
    private final SortedMap<String, List<String>> contents = SampleSnapshot.contents(snapshot);

    @Test
    void shouldHoldWhatTheSnapshotHeld() throws Exception {
        var db = new FakeDb();

        ImportReport report = importer(db).snapshot(new ByteArrayInputStream(snapshot));

        assertEquals(SampleSnapshot.KEYS, report.counts().keys());
        assertEquals(SampleSnapshot.KEYS, report.found());
        assertTrue(report.isComplete());
        assertEquals(contents, SampleSnapshot.contents(db, env));
        assertNull(importer(db).unfinished());
    }

    @Test
    void shouldGoOnWhereAKilledImportWas() throws Exception {
        for (int part = 1; part < 12; part += 2) {
            try (ObjectStore store = ObjectStores.open("memory:", Env.system())) {
                // given: a writer that is never closed
                Db killed = open(store);
                InputStream cut = new Cut(snapshot, snapshot.length / 12 * part);
                assertThrows(
                        UncheckedIOException.class,
                        () -> importer(killed).snapshot(cut),
                        "" + part);
                // when
                try (Db db = open(store)) {
                    Importer again = importer(db);
                    ImportNote note = again.unfinished();
                    ImportReport report = again.snapshot(new ByteArrayInputStream(snapshot));
                    // then
                    assertEquals(note == null ? 0 : note.keys(), report.counts().earlier());
                    assertEquals(
                            SampleSnapshot.KEYS,
                            report.counts().earlier() + report.counts().keys());
                    assertTrue(report.isComplete(), "part=" + part + " " + report);
                    assertEquals(contents, SampleSnapshot.contents(db, env), "part=" + part);
                }
            }
        }
    }

    @Test
    void shouldTellOfAnImportThatIsNotAtItsEnd() throws Exception {
        // given
        var db = new FakeDb();
        byte[] damaged = snapshot.clone();
        damaged[damaged.length - 3] ^= 1;
        assertThrows(Damaged.class, () -> importer(db).snapshot(new ByteArrayInputStream(damaged)));
        ImportNote note = importer(db).unfinished();
        // then: another source is refused, the right one goes on
        assertNotNull(note);
        assertTrue(100 < note.keys(), note.toString());
        var other = new ByteArrayOutputStream();
        new RdbWriter(other).end();
        assertThrows(
                Invalid.class,
                () -> importer(db).snapshot(new ByteArrayInputStream(other.toByteArray())));
        assertThrows(Invalid.class, () -> importer(db).server(new Server(snapshot, -1)));
        ImportReport report = importer(db).snapshot(new ByteArrayInputStream(snapshot));
        assertEquals(note.keys(), report.counts().earlier());
        assertEquals(contents, SampleSnapshot.contents(db, env));
    }

    @Test
    void shouldRefuseDatabasesThatHoldKeysUnlessTheyMayBeReplaced() throws Exception {
        var db = new FakeDb();
        importer(db).snapshot(new ByteArrayInputStream(snapshot));

        assertThrows(
                Invalid.class, () -> importer(db).snapshot(new ByteArrayInputStream(snapshot)));
        var plan = new ImportPlan(Existing.REPLACED, Unfinished.RESUMED);
        ImportReport report =
                new Importer(db, env, plan, _ -> {}).snapshot(new ByteArrayInputStream(snapshot));

        assertEquals(SampleSnapshot.KEYS, report.counts().keys());
        assertEquals(-1, report.expected());
        assertEquals(contents, SampleSnapshot.contents(db, env));
    }

    @Test
    void shouldLeaveOutWhatHasExpiredAndWhatCannotBeKept() throws Exception {
        // given
        var bytes = new ByteArrayOutputStream();
        var writer = new RdbWriter(bytes);
        writer.functions(Bytes.utf8("#!lua name=lib"));
        write(writer, "expired", env.currentTimeMillis() - 1);
        write(writer, "k".repeat(40_000), -1);
        writer.key(Bytes.utf8("of a module"), RdbType.MODULE_2, -1);
        writer.out().length(1 << 10);
        writer.out().length(0);
        write(writer, "fine", env.currentTimeMillis());
        writer.end();
        var db = new FakeDb();
        // when
        ImportReport report = importer(db).snapshot(new ByteArrayInputStream(bytes.toByteArray()));
        // then
        var libraries = new ImportReport.Libraries(0, 1);
        assertEquals(new ImportReport.Counts(1, 0, 1, 2, libraries), report.counts());
        assertTrue(report.isComplete(), report.toString());
        assertEquals(3, report.firstRefused().size());
    }

    @Test
    void shouldKeepLibrariesOfFunctionsUnlessOthersAreThere() throws Exception {
        // given
        String source = "#!lua name=lib\nredis.register_function('f', function() return %s end)";
        var bytes = new ByteArrayOutputStream();
        var writer = new RdbWriter(bytes);
        writer.functions(Bytes.utf8(source.formatted("1")));
        writer.end();
        var others = new ByteArrayOutputStream();
        writer = new RdbWriter(others);
        writer.functions(Bytes.utf8(source.formatted("2")));
        writer.end();
        var db = new FakeDb();
        // when
        ImportReport first = importer(db).snapshot(new ByteArrayInputStream(bytes.toByteArray()));
        ImportReport again = importer(db).snapshot(new ByteArrayInputStream(bytes.toByteArray()));
        ImportReport other = importer(db).snapshot(new ByteArrayInputStream(others.toByteArray()));
        // then
        var kept = new ImportReport.Libraries(1, 0);
        assertEquals(kept, first.counts().libraries());
        assertEquals(kept, again.counts().libraries());
        assertEquals(new ImportReport.Libraries(0, 1), other.counts().libraries());
        var written = new ByteArrayOutputStream();
        new Exporter(db, env, _ -> {}).write(written);
        var reader = RdbReader.open(new ByteArrayInputStream(written.toByteArray()));
        List<RdbRecord> libraries = new ArrayList<>();
        for (RdbRecord next = reader.next(); next != null; next = reader.next())
            if (next instanceof RdbRecord.Functions) libraries.add(next);
        assertEquals(
                List.of(new RdbRecord.Functions(Bytes.utf8(source.formatted("1")))), libraries);
    }

    @Test
    void shouldGoOnWhereAKilledImportOfAServerWas() throws Exception {
        for (int pages : new int[] {0, 5}) {
            // given
            var db = new FakeDb();
            assertThrows(
                    UncheckedIOException.class,
                    () -> importer(db).server(new Server(snapshot, pages)));
            // when
            ImportReport report = importer(db).server(new Server(snapshot, -1));
            // then
            assertEquals(SampleSnapshot.KEYS, report.found(), "pages=" + pages);
            assertTrue(report.isComplete(), report.toString());
            assertEquals(contents, SampleSnapshot.contents(db, env), "pages=" + pages);
        }
    }

    private Importer importer(Db db) {
        return new Importer(db, env, PLAN, _ -> {});
    }

    private static Db open(ObjectStore store) {
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(ByteSize.kibibytes(256))
                        .unflushedMax(ByteSize.mebibytes(8))
                        .build();
        return Engine.open(store, "", settings);
    }

    private static void write(RdbWriter writer, String key, long expireAtMillis) {
        writer.key(Bytes.utf8(key), RdbType.STRING, expireAtMillis);
        writer.out().string(Bytes.utf8("value"));
    }

    /// Input that breaks off.
    private static final class Cut extends InputStream {
        private final InputStream whole;

        Cut(byte[] bytes, int length) {
            whole = new ByteArrayInputStream(Arrays.copyOf(bytes, length));
        }

        @Override
        public int read() throws IOException {
            int next = whole.read();
            if (next < 0) throw new IOException("cut");
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int some = whole.read(bytes, offset, length);
            if (some < 0) throw new IOException("cut");
            return some;
        }
    }

    /// A server that holds what a snapshot does, and goes away after some pages unless told -1.
    private static final class Server implements ServerSource {
        private static final int PAGE = 25;

        private final SortedMap<Integer, List<Item>> items = new TreeMap<>();
        private int pagesLeft;

        Server(byte[] snapshot, int pages) throws InterruptedException {
            this.pagesLeft = pages;
            var source = new FakeDb();
            new Importer(source, new TestEnv(1), PLAN, _ -> {})
                    .snapshot(new ByteArrayInputStream(snapshot));
            var keyspaces = Keyspaces.open(source, new TestEnv(1));
            var reader = RdbReader.open(new ByteArrayInputStream(snapshot));
            int database = 0;
            for (RdbRecord next = reader.next(); next != null; next = reader.next()) {
                if (next instanceof RdbRecord.Database(long index)) database = (int) index;
                if (!(next instanceof RdbRecord.Key key)) continue;
                List<Bytes> words = List.of(Bytes.utf8("DUMP"), key.key());
                var dump =
                        (Command) TransferCommands.ALL.getFirst().parser().parse(Words.of(words));
                Reply reply = keyspaces.execute(database, dump::run).result();
                Bytes payload = ((Reply.Bulk) reply).value();
                items.computeIfAbsent(database, _ -> new ArrayList<>())
                        .add(new Item(key.key(), payload, key.expireAtMillis()));
            }
        }

        @Override
        public String runId() {
            return "run";
        }

        @Override
        public SortedMap<Integer, Long> sizes() {
            SortedMap<Integer, Long> sizes = new TreeMap<>();
            for (Map.Entry<Integer, List<Item>> each : items.entrySet())
                sizes.put(each.getKey(), (long) each.getValue().size());
            return sizes;
        }

        @Override
        public List<Bytes> libraries() {
            return List.of();
        }

        @Override
        public Page page(int database, long cursor) {
            if (pagesLeft-- == 0) throw new UncheckedIOException(new IOException("gone"));
            List<Item> all = items.get(database);
            int from = (int) cursor;
            int to = Math.min(all.size(), from + PAGE);
            return new Page(to == all.size() ? 0 : to, all.subList(from, to));
        }
    }
}
