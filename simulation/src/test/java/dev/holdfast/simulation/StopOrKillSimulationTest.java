package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same writes, ended by a stop in order or by a kill: what was acknowledged is recovered from
/// both alike.
@Timeout(120)
class StopOrKillSimulationTest {
    private static final int WRITES = 30;

    /// How the first machine ends.
    private enum End {
        STOP,
        KILL
    }

    /// One run: what was acknowledged, in order, and what was recovered.
    private static final class Run {
        private final Durability level;
        private final End end;
        private final long seed;
        private final List<String> acknowledged = new ArrayList<>();
        private final SortedSet<String> recovered = new TreeSet<>();

        Run(long seed, Durability level, End end) {
            this.seed = seed;
            this.level = level;
            this.end = end;
            new CrashWorld(seed).run(null, this::write, (db, _) -> read(db));
        }

        private void write(HoldfastDb db, Env env) throws InterruptedException {
            for (int number = 0; number < WRITES; number++) {
                String key = "%03d".formatted(number);
                Bytes value = Bytes.utf8("x".repeat(20 * (int) (seed % 10)));
                db.write(new WriteBatch().put(Bytes.utf8(key), value), level);
                acknowledged.add(key);
                env.sleep(Duration.ofMillis(seed % 4));
            }
            if (end == End.STOP) db.close();
        }

        private void read(HoldfastDb db) {
            try (Scan scan = db.scan(KeyRange.all())) {
                while (scan.next()) recovered.add(scan.key().toUtf8());
            }
        }

        boolean isPrefix() {
            return List.copyOf(recovered).equals(acknowledged.subList(0, recovered.size()));
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    @Tag("LIFE-26")
    void life26ShouldRecoverWhatWasAcknowledgedAfterAStopAndAfterAKill(Durability level) {
        for (long seed = 0; seed < 20; seed++) {
            var stopped = new Run(seed, level, End.STOP);
            var killed = new Run(seed, level, End.KILL);
            String where = "seed=" + seed + " level=" + level;
            assertEquals(new TreeSet<>(stopped.acknowledged), stopped.recovered, where);
            assertTrue(killed.isPrefix(), where + ": " + killed.recovered);
            // What MEMORY promises ends with the process; the others promise all of it.
            if (level != Durability.MEMORY)
                assertEquals(stopped.recovered, killed.recovered, where);
        }
    }
}
