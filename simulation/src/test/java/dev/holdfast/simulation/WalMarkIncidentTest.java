package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The fifth incident, played through: a manifest named a log object that was frozen, and had not
/// been put when the machine died.
@Timeout(30)
class WalMarkIncidentTest {
    private static final Settings LAZY =
            Settings.defaults().but().untended().flushInterval(Duration.ofHours(1)).build();

    private static void write(HoldfastDb db, String key) {
        db.write(new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(key)), Durability.MEMORY);
    }

    /// A commit waits in the log while the memtable before it becomes a table.
    private static void work(HoldfastDb db, Env env) throws InterruptedException {
        write(db, "flushed");
        Thread flush = env.start("flush", db::flushMemtables);
        while (db.watermarks().remote() < 1) env.sleep(Duration.ofMillis(1));
        write(db, "waiting");
        while (flush.isAlive()) env.sleep(Duration.ofMillis(1));
    }

    @Test
    @Tag("INC-5")
    void inc5ShouldNotNameALogObjectThatIsNotPutYet() {
        // given
        var world = new CrashWorld(0).under(LAZY);
        var found = new StringBuilder();
        // when it is killed as soon as the table is in the manifest
        world.whenDead(() -> found.append(NamedObjects.missing(world.left(), CrashWorld.PATH)));
        world.run(
                null,
                WalMarkIncidentTest::work,
                (db, _) -> {
                    found.append(db.get(Bytes.utf8("flushed")));
                    found.append(db.get(Bytes.utf8("waiting")));
                });
        // then
        assertEquals("flushednull", found.toString());
    }
}
