package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.ProcessTree;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A compactor and three workers, each a process: one worker is killed while it holds a part, one
/// is stopped and goes on as a zombie.
@Timeout(180)
class WorkersTest {
    private static final int TABLES = 5;
    private static final int ROWS = 20_000;
    private static final long PATIENCE_MILLIS = 60_000;

    @TempDir Path folder;

    /// A `holdfast compact`, with what it printed in a file.
    private record Run(Process process, Path out) implements AutoCloseable {
        static Run start(Path folder, String name, List<String> options) throws IOException {
            var arguments = new ArrayList<>(List.of("compact", "--data"));
            arguments.add(Databases.url(folder.resolve("db")));
            arguments.addAll(options);
            Path out = folder.resolve(name + ".out");
            var builder =
                    new ProcessBuilder(ServerProcess.command(arguments))
                            .redirectOutput(out.toFile())
                            .redirectError(folder.resolve(name + ".err").toFile());
            // Who is to be met with a part in hand must not be quick, nor who would do it all
            // alone.
            if (!name.equals("steady")) builder.environment().put("JAVA_TOOL_OPTIONS", "-Xint");
            return new Run(builder.start(), out);
        }

        static Run worker(Path folder, String name) throws IOException {
            return start(
                    folder, name, List.of("--worker", "--name", name, "--parts", "1", "--json"));
        }

        void signal(String name) {
            Path where = out.toAbsolutePath().getParent();
            Tools.run(where, List.of("kill", "-" + name, Long.toString(process.pid())));
        }

        String printed() throws IOException {
            return Files.readString(out) + Files.readString(errors());
        }

        private Path errors() {
            return out.resolveSibling(out.getFileName().toString().replace(".out", ".err"));
        }

        int exitCode() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
                throw new AssertionError("it did not end:\n" + printed());
            return process.exitValue();
        }

        @Override
        public void close() {
            ProcessTree.kill(process);
        }
    }

    @Test
    @Tag("CMP-01")
    void shouldCompactToTheSameRowsThoughAWorkerIsKilledAndAnotherBecomesAZombie()
            throws Exception {
        // given
        TreeMap<Bytes, Bytes> before = fill();
        try (Run steady = Run.worker(folder, "steady");
                Run killed = Run.worker(folder, "killed");
                Run zombie = Run.worker(folder, "zombie")) {
            awaitTrue(() -> namesBelow("here").size() == 3);
            // when
            try (Run compactor = Run.start(folder, "compactor", compactorOptions())) {
                awaitTrue(() -> holds("killed"));
                killed.signal("KILL");
                stopWhileItHoldsAPart(zombie);
                Env.system().sleep(Duration.ofSeconds(2));
                zombie.signal("CONT");
                // then
                assertEquals(0, compactor.exitCode(), compactor.printed());
                String told = Files.readString(compactor.out());
                assertTrue(told.contains("\"compactions\":1"), told);
                assertTrue(told.matches("(?s).*\"partsReclaimed\":[1-9].*"), told);
                assertTrue(told.matches("(?s).*\"partsByWorkers\":[1-9].*"), told);
                assertTrue(told.contains("\"resultsRefused\":0"), told);
            }
            assertEnds(steady);
            assertEnds(zombie);
        }
        assertSame(before);
    }

    private static List<String> compactorOptions() {
        return List.of(
                "--style=everything",
                "--table-size=128KiB",
                "--share-from=1MiB",
                "--beat=200ms",
                "--parts=1",
                "--json");
    }

    private static void assertEnds(Run worker) throws IOException, InterruptedException {
        worker.signal("TERM");
        long start = System.nanoTime();
        assertEquals(0, worker.exitCode(), worker.printed());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(millis < 5_000, "it took ms " + millis);
        assertTrue(worker.printed().contains("\"claimed\":"), worker.printed());
    }

    private void assertSame(TreeMap<Bytes, Bytes> before) throws IOException {
        Path database = folder.resolve("db");
        try (HoldfastDb db = Databases.open(database, settings())) {
            assertEquals(before.hashCode(), Databases.rows(db).hashCode());
            assertTrue(before.equals(Databases.rows(db)), "other rows");
            assertEquals(1, db.stats().sortedRuns());
        }
        var store = ObjectStores.open(Databases.url(database), Env.system());
        FsckReport report = Engine.fsck(store, "");
        assertTrue(report.isSound(), () -> report.problems().toString());
        List<String> stillHere =
                namesBelow("here").stream().filter(name -> !name.startsWith("killed")).toList();
        assertEquals(List.of(), stillHere);
    }

    private static Settings settings() {
        return Settings.defaults()
                .but()
                .compaction(CompactionSettings.off())
                .collectionInterval(Duration.ZERO)
                .build();
    }

    private TreeMap<Bytes, Bytes> fill() throws IOException {
        var random = new SplittableRandom(7);
        var model = new TreeMap<Bytes, Bytes>();
        Path database = Files.createDirectories(folder.resolve("db"));
        try (HoldfastDb db = Databases.open(database, settings())) {
            for (int table = 0; table < TABLES; table++) {
                for (int i = 0; i < ROWS; i += 100) write(db, random, model);
                db.flushMemtables();
            }
        }
        return model;
    }

    private static void write(HoldfastDb db, SplittableRandom random, TreeMap<Bytes, Bytes> model) {
        var batch = new WriteBatch();
        for (int i = 0; i < 100; i++) {
            Bytes key = Bytes.utf8("key %08d".formatted(random.nextInt(10 * ROWS)));
            var value = new byte[100];
            random.nextBytes(value);
            batch.put(key, Bytes.wrap(value));
            model.put(key, Bytes.wrap(value));
        }
        db.write(batch, Durability.MEMORY);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void awaitTrue(Condition condition) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!condition.holds()) {
            if (giveUp - System.nanoTime() < 0) throw new AssertionError("it never came");
            Env.system().sleep(Duration.ofMillis(1));
        }
    }

    private void stopWhileItHoldsAPart(Run worker) throws IOException, InterruptedException {
        awaitTrue(() -> {
            if (!holds("zombie")) return false;
            worker.signal("STOP");
            if (holds("zombie")) return true;
            worker.signal("CONT");
            return false;
        });
    }

    // True if that worker has a claim without a result.
    private boolean holds(String worker) throws IOException {
        Path board = folder.resolve("db").resolve("workers");
        if (!Files.isDirectory(board)) return false;
        for (Path claim : filesBelow(board)) {
            String name = claim.getFileName().toString();
            if (!name.endsWith(".claim") || !isOf(claim, worker)) continue;
            Path result = claim.resolveSibling(name.replace(".claim", ".result"));
            if (!Files.exists(result)) return true;
        }
        return false;
    }

    private static boolean isOf(Path claim, String worker) {
        try {
            return Files.readString(claim, StandardCharsets.ISO_8859_1).contains(worker);
        } catch (IOException gone) {
            return false;
        }
    }

    private List<String> namesBelow(String name) throws IOException {
        Path here = folder.resolve("db").resolve("workers").resolve(name);
        if (!Files.isDirectory(here)) return List.of();
        return filesBelow(here).stream().map(each -> each.getFileName().toString()).toList();
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException gone) { // a folder went while it was listed
            return List.of();
        }
    }
}
