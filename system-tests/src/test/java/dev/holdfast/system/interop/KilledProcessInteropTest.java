package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.CompactionsVersion;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.process.ChildJvm;
import dev.holdfast.system.process.SlateDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real engine opens and fully reads what our processes leave when they are killed in the
/// middle of a flush or of a compaction, what the next compactor makes of that, and what each
/// engine leaves when the other has fenced it.
@Timeout(1800)
class KilledProcessInteropTest {
    private static final Map<String, Object> EAGER =
            Map.of("compactor_options.poll_interval", "50ms", "flush_interval", "10ms");
    private static final Settings QUIET =
            WriterProgram.settings().but().compaction(CompactionSettings.off()).build();
    private static final int LOOKS = 2_000;

    private final long seed = Long.getLong("interop.seed", System.nanoTime());

    @TempDir Path folder;

    @Test
    void shouldBeReadWholeAfterAResumedCompaction() throws Exception {
        resume(1);
    }

    @Test
    @Tag("long")
    void shouldBeReadWholeAfterTwentyResumedCompactions() throws Exception {
        resume(20);
        Figures.record("compactions killed, resumed by the next process, then read by SlateDB", 20);
    }

    private void resume(int times) throws Exception {
        var story = new Story(seed);
        Path database = Files.createDirectories(folder.resolve("db"));
        for (int time = 0; time < times; time++) {
            String where = "interop.seed=" + seed + " time=" + time;
            try (HoldfastDb db = Databases.open(database, QUIET)) {
                for (int table = 0; table < 4; table++) {
                    story.tell(db, 150);
                    db.flushMemtables();
                }
            }
            List<SstHandle> left = killCompactor(database, story);
            assertReadBySlateDb(story.model(), database, where);
            try (var next = Engine.compactor(store(database), "", CompactorProgram.settings())) {
                next.start();
                next.awaitIdle(Duration.ofMinutes(1));
            }
            assertTrue(tables(database).containsAll(left), where + " did not go on with " + left);
            assertReadBySlateDb(story.model(), database, where);
        }
        try (SlateDb db = SlateDb.openWithDefaults(database, EAGER)) {
            assertEquals(story.model(), db.scan());
            db.shutdown();
        }
        assertSound(database);
    }

    // The tables that it had finished and written down.
    private List<SstHandle> killCompactor(Path database, Story story) throws Exception {
        Path out = folder.resolve("compactor.out");
        while (true) {
            try (var child = ChildJvm.start(CompactorProgram.class, out, database.toString())) {
                int wanted = 1 + story.draw(4);
                List<SstHandle> finished = List.of();
                while (finished.size() < wanted && !child.awaitExit(Duration.ofMillis(3)))
                    finished = finishedTables(database);
                child.kill();
            }
            List<SstHandle> left = finishedTables(database);
            if (!left.isEmpty()) return left;
            try (HoldfastDb db = Databases.open(database, QUIET)) {
                story.tell(db, 150);
                db.flushMemtables(); // it was faster: something more to compact
            }
        }
    }

    private static List<SstHandle> finishedTables(Path database) {
        CompactionsVersion state = new CompactionsStore(store(database), "", Env.system()).latest();
        if (state == null) return List.of();
        return state.compactions().recent().stream()
                .filter(each -> each.status() == Compaction.Status.RUNNING)
                .flatMap(each -> each.outputs().stream())
                .toList();
    }

    private static List<SstHandle> tables(Path database) {
        var latest = new ManifestStore(store(database), "", Env.system()).latest();
        if (latest == null) throw new AssertionError("no manifest");
        return latest.manifest().sortedRuns().stream()
                .flatMap(run -> run.ssts().stream())
                .map(view -> view.sst())
                .toList();
    }

    @Test
    void shouldBeReadWholeAfterKillsInTheMiddleOfFlushes() throws Exception {
        killWriters(3);
    }

    @Test
    @Tag("long")
    void shouldBeReadWholeAfterFiftyKillsInTheMiddleOfFlushes() throws Exception {
        Figures.record("kills of a writer, then read whole by SlateDB", 50);
        Figures.record(
                "of those, in the middle of a put of a table or log object", killWriters(50));
    }

    // Returns how often an unfinished file was left behind.
    private int killWriters(int kills) throws Exception {
        var random = new SplittableRandom(seed);
        var batches = new NumberedBatches(seed);
        Path database = Files.createDirectories(folder.resolve("db"));
        int inTheMiddle = 0;
        for (int kill = 0; kill < kills; kill++) {
            String where = "interop.seed=" + seed + " kill=" + kill;
            Path out = folder.resolve("writer" + kill + ".out");
            long unfinished = unfinishedFiles(database);
            int tables = 2 + random.nextInt(10);
            try (var child =
                    ChildJvm.start(
                            WriterProgram.class, out, database.toString(), Long.toString(seed))) {
                awaitTables(database, child, tablesIn(database) + tables);
                awaitMoreThan(unfinished, database, child);
                child.kill();
            }
            if (unfinished < unfinishedFiles(database)) inTheMiddle++;
            long durable = durable(out);
            TreeMap<Bytes, Bytes> found =
                    random.nextInt(3) == 0 ? takeOver(database) : read(database);
            long count = NumberedBatches.countIn(found);
            assertTrue(durable <= count, where + " durable=" + durable + " found=" + count);
            assertEquals(batches.stateAfter(count), found, where);
        }
        assertSound(database);
        return inTheMiddle;
    }

    private static TreeMap<Bytes, Bytes> read(Path database) throws IOException {
        try (SlateDb reader = SlateDb.openReader(database)) {
            return reader.scan();
        }
    }

    private static TreeMap<Bytes, Bytes> takeOver(Path database) throws IOException {
        try (SlateDb db = SlateDb.openWithDefaults(database, EAGER)) {
            TreeMap<Bytes, Bytes> found = db.scan();
            db.shutdown();
            return found;
        }
    }

    private static void awaitTables(Path database, ChildJvm child, long count) throws Exception {
        for (int look = 0; tablesIn(database) < count; look++) {
            boolean isOver = child.awaitExit(Duration.ofMillis(5));
            assertTrue(!isOver && look < LOOKS, () -> "no tables: " + said(child));
        }
    }

    private static void awaitMoreThan(long unfinished, Path database, ChildJvm child)
            throws Exception {
        for (int look = 0; look < LOOKS && unfinishedFiles(database) <= unfinished; look++)
            assertTrue(!child.awaitExit(Duration.ofMillis(1)), () -> said(child));
    }

    private static String said(ChildJvm child) {
        try {
            return child.output();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private static long tablesIn(Path database) throws IOException {
        return filesIn(database.resolve("compacted"));
    }

    private static long unfinishedFiles(Path database) throws IOException {
        return filesIn(database.resolve(".holdfast-tmp"));
    }

    private static long filesIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) return 0;
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    private static long durable(Path out) throws IOException {
        return Files.readAllLines(out).stream()
                .filter(line -> line.matches("durable \\d+"))
                .mapToLong(line -> Long.parseLong(line.substring("durable ".length())))
                .max()
                .orElse(0);
    }

    @Test
    void shouldBeReadWholeAfterEachEngineHasFencedTheOther() throws Exception {
        // given
        var story = new Story(seed);
        Path database = Files.createDirectories(folder.resolve("db"));
        try (HoldfastDb fenced = Databases.open(database, QUIET)) {
            story.tell(fenced, 40);
            fenced.flushMemtables();
            story.tell(fenced, 40);
            fenced.flush();
            // when: SlateDB takes it over
            try (SlateDb other = SlateDb.openWithDefaults(database, EAGER)) {
                assertThrows(Closed.class, () -> putAwaited(fenced));
                story.tell(other, 40);
                other.flush();
                // and Holdfast takes it back
                try (HoldfastDb last = Databases.open(database, QUIET)) {
                    assertEquals(story.model(), Databases.rows(last));
                    story.tell(last, 40);
                    last.flush();
                    assertThrows(AssertionError.class, () -> putFlushed(other));
                    assertReadBySlateDb(story.model(), database, "interop.seed=" + seed);
                }
            }
        }
        // then
        assertReadBySlateDb(story.model(), database, "interop.seed=" + seed);
        assertSound(database);
    }

    private static void putAwaited(HoldfastDb db) {
        var batch = new WriteBatch().put(Bytes.utf8("zombie"), Bytes.utf8("ours"));
        db.write(batch, Durability.REMOTE);
    }

    private static void putFlushed(SlateDb db) {
        db.write(List.of(SlateDb.Row.put(Bytes.utf8("zombie"), Bytes.utf8("theirs"))));
        db.flush();
    }

    private static ObjectStore store(Path database) {
        return ObjectStores.open(Databases.url(database), Env.system());
    }

    private static void assertReadBySlateDb(
            TreeMap<Bytes, Bytes> expected, Path database, String where) throws IOException {
        try (SlateDb reader = SlateDb.openReader(database)) {
            assertEquals(expected, reader.scan(), where);
        }
    }

    private void assertSound(Path database) {
        var report = Engine.fsck(store(database), "");
        assertTrue(report.isSound(), () -> report.problems() + " interop.seed=" + seed);
    }
}
