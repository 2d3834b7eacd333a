package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How many compactions run at a time.
@Timeout(60)
class CompactionJobsTest {
    private static final int SEGMENTS = 5;

    private final MemoryStore store = new MemoryStore();
    private volatile boolean isShut = true;

    /// A store that takes no tables while it is shut, so that nothing that has begun ends.
    private final class Shut extends ForwardingStore {
        Shut() {
            super(store);
        }

        private void requireOpen(String name) {
            if (isShut && name.contains("/compacted/"))
                throw new ObjectStoreException.Unavailable("shut", null);
        }

        @Override
        public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
            requireOpen(name);
            return super.putIfAbsent(name, parts, putId);
        }

        @Override
        public PutResult put(String name, List<Bytes> parts) {
            requireOpen(name);
            return super.put(name, parts);
        }
    }

    private static HoldfastDb open(ObjectStore store, Settings settings) {
        return Engine.builder(store, "db")
                .profile(FormatProfile.SLATEDB_0_15)
                .segments(SegmentRules.by(PrefixExtractor.fixed(1)))
                .settings(settings)
                .open();
    }

    private static Settings settings(CompactionSettings compaction) {
        return Settings.defaults()
                .but()
                .collectionInterval(Duration.ZERO)
                .compaction(compaction)
                .build();
    }

    // Each segment has enough tables to be compacted by itself.
    private void leaveMuchToDo() {
        try (HoldfastDb db = open(store, settings(CompactionSettings.off()))) {
            for (int table = 0; table < 4; table++) {
                var batch = new WriteBatch();
                for (int i = 0; i < SEGMENTS; i++)
                    batch.put(Bytes.utf8(i + "/" + table), Bytes.utf8("value"));
                db.write(batch, Durability.MEMORY);
                db.flushMemtables();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void shouldRunSoManyAndNoMore(int jobs) throws InterruptedException {
        leaveMuchToDo();
        CompactionSettings limited = CompactionSettings.defaults().withJobs(jobs, 1);
        try (HoldfastDb db = open(new Shut(), settings(limited))) {
            // when
            while (db.stats().compactions().running() < jobs)
                Env.system().sleep(Duration.ofMillis(5));
            for (int look = 0; look < 40; look++) {
                assertEquals(jobs, db.stats().compactions().running());
                Env.system().sleep(Duration.ofMillis(5));
            }
            // then
            isShut = false;
            while (db.stats().compactions().published() < SEGMENTS)
                Env.system().sleep(Duration.ofMillis(5));
            assertEquals(0, db.stats().l0Ssts());
        }
    }
}
