package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A machine that flushes all the time, and dies at one store call after the other: every manifest
/// that is there names only objects that are there.
@Timeout(120)
class NamedObjectsSimulationTest {
    private static final Bytes VALUE = Bytes.utf8("x".repeat(300));

    // Two who write and do not wait for each other: commits are on their way into the log while
    // memtables become tables.
    private static void work(HoldfastDb db, Env env) throws InterruptedException {
        Thread other = env.start("other", () -> write(db, env, "other", 20));
        for (int round = 0; round < 5; round++) {
            write(db, env, "own", 6);
            db.flushMemtables();
        }
        while (other.isAlive()) env.sleep(Duration.ofMillis(1));
        db.close();
    }

    private static void write(HoldfastDb db, Env env, String who, int times) {
        try {
            for (int i = 0; i < times; i++) {
                db.write(new WriteBatch().put(Bytes.utf8(who + i), VALUE), Durability.MEMORY);
                env.sleep(Duration.ofMillis(2));
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// Puts whose outcome nobody knows, and that arrive much later.
    private static final StoreFaults LATE = StoreFaults.only(StoreFault.LATE, StoreFaults.OF / 10);

    static CrashWorld ran(long seed, @Nullable CrashPoint crash) {
        var world = new CrashWorld(seed, LATE);
        var fault = new StringBuilder();
        world.whenDead(() -> fault.append(NamedObjects.missing(world.left(), CrashWorld.PATH)));
        world.run(crash, NamedObjectsSimulationTest::work, (_, _) -> {});
        assertEquals("", fault.toString(), "seed=" + seed + " " + crash);
        return world;
    }

    @Test
    @Tag("LIFE-25")
    void life25ShouldNameOnlyReadableObjectsWheneverItIsKilled() {
        for (long seed = 0; seed < 8; seed++) {
            int calls = ran(seed, null).calls();
            for (int call = 0; call < calls; call++)
                for (CrashPoint crash : CrashWorld.deathsAt(call)) ran(seed, crash);
        }
    }
}
