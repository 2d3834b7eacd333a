package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.process.SlateDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The bucket behind a local log is a whole database for the real SlateDB at every point of a run,
/// and reaches every remote mark that had been reported by then.
@Timeout(1800)
class LocalTierInteropTest {
    private static final int LIVES = 3;
    private static final int BATCHES = 60; // of each life
    private static final Settings SETTINGS =
            Settings.defaults()
                    .but()
                    .l0SstSize(ByteSize.kibibytes(8))
                    .unflushedMax(ByteSize.kibibytes(64))
                    .writeTimeout(Duration.ofSeconds(20))
                    .collectionInterval(Duration.ZERO)
                    .compaction(CompactionSettings.defaults().withTableSize(ByteSize.kibibytes(16)))
                    .build();

    private final long seed = Long.getLong("interop.seed", System.nanoTime());
    private final NumberedBatches batches = new NumberedBatches(seed);
    private final BucketHistory bucket = new BucketHistory();

    @TempDir Path folder;

    @Test
    void shouldBeReadBySlateDbAtManyPointsOfARun() throws IOException {
        assertTrue(10 < compare(8));
    }

    @Test
    @Tag("long")
    void shouldBeReadBySlateDbAfterEveryChangeOfARun() throws IOException {
        Figures.record("states of a bucket behind a local log, read whole by SlateDB", compare(1));
    }

    // Returns at how many points it was read.
    private int compare(int every) throws IOException {
        runOn(bucket);
        Path copy = Files.createDirectories(folder.resolve("copy"));
        int done = 0;
        int points = 0;
        long mark = 0;
        try (SlateDb slateDb = SlateDb.idle()) {
            for (int count = 1; count <= bucket.size(); count += every) {
                bucket.replay(done, count, copy);
                done = count;
                if (!bucket.isDatabase(count)) continue;
                String where = "interop.seed=" + seed + ", after change " + count;
                TreeMap<Bytes, Bytes> rows = slateDb.rowsOf(copy.resolve("db"));
                long found = NumberedBatches.countIn(rows);
                mark = bucket.markAfter(count);
                assertTrue(mark <= found, where + ": mark " + mark + ", found " + found);
                assertEquals(batches.stateAfter(found), rows, where);
                points++;
            }
        }
        assertTrue(0 < mark, "nothing was ever reported as remote");
        return points;
    }

    private void runOn(BucketHistory history) {
        var random = new SplittableRandom(seed);
        long number = 0;
        for (int life = 0; life < LIVES; life++) {
            HoldfastDb db = open(history);
            for (int i = 0; i < BATCHES; i++) {
                number++;
                // While the store is away tables and log gather here, and come at once afterwards.
                if (i == BATCHES / 3) history.breakDown();
                if (i == BATCHES / 2) history.recover();
                boolean isAway = BATCHES / 3 <= i && i < BATCHES / 2;
                boolean isRemote = !isAway && random.nextInt(6) == 0;
                Durability level = isRemote ? Durability.REMOTE : levelHere(random);
                long seq = db.write(batches.batch(number), level);
                assertEquals(number, seq, "a batch is a commit");
                history.report(db.watermarks().remote());
                if (!isAway && random.nextInt(20) == 0) db.flushMemtables();
            }
            boolean isLast = life == LIVES - 1;
            db.shutdown(isLast ? Mode.SMART : Mode.FAST, Duration.ofSeconds(20));
        }
    }

    private static Durability levelHere(SplittableRandom random) {
        return random.nextBoolean() ? Durability.LOCAL : Durability.MEMORY;
    }

    private HoldfastDb open(BucketHistory history) {
        var local =
                LocalSettings.in(folder.resolve("local"))
                        .withSegmentSize(ByteSize.kibibytes(64))
                        .withCacheSize(ByteSize.bytes(0))
                        .withShipInterval(Duration.ofMillis(30));
        return Engine.builder(ObjectStores.patient(history, Env.system()), "db")
                .settings(SETTINGS)
                .local(local)
                .open();
    }
}
