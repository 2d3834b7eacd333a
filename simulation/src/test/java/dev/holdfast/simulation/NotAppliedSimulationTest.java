package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.simulation.store.CrashPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Writers that race each other and a stop, on a machine that dies at one store call after the
/// other: what they were told was not applied is not there afterwards.
@Timeout(120)
class NotAppliedSimulationTest {
    private static final int WRITERS = 3;
    private static final int WRITES = 12;
    private static final Bytes SHARED = Bytes.utf8("shared");

    /// One run: what its writers were told.
    private static final class Told {
        private final CrashWorld world;
        private final List<Bytes> refused = new ArrayList<>();
        private final List<Bytes> acknowledged = new ArrayList<>();
        private String fault = "";
        private int ended;

        Told(long seed, @Nullable CrashPoint crash) {
            world = new CrashWorld(seed);
            world.run(crash, this::work, (db, _) -> check(db));
        }

        private void work(HoldfastDb db, Env env) throws InterruptedException {
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                env.start("writer " + i, () -> write(db, env, writer));
            }
            env.sleep(Duration.ofMillis(20 + world.chance(60)));
            db.shutdown(Mode.SMART, Duration.ofSeconds(10));
            while (ended < WRITERS) env.sleep(Duration.ofMillis(5));
        }

        private void write(HoldfastDb db, Env env, int writer) {
            for (int number = 0; number < WRITES; number++) {
                Bytes own = Bytes.utf8("writer " + writer + " write " + number);
                try {
                    write(db, env, own, number);
                    acknowledged.add(own);
                } catch (RuntimeException failure) {
                    Certainty certainty = db.scope().judge(failure).certainty();
                    if (certainty == Certainty.NOT_APPLIED) refused.add(own);
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            }
            ended++;
        }

        // Half of the writes depend on what another writer may have changed.
        private void write(HoldfastDb db, Env env, Bytes own, int number)
                throws InterruptedException {
            var batch = new WriteBatch().put(own, own).put(SHARED, own);
            if (number % 2 == 0) {
                db.write(batch, Durability.REMOTE);
                return;
            }
            ReadView basis = db.view();
            basis.get(SHARED);
            env.sleep(Duration.ofMillis(1 + world.chance(4)));
            long seq = db.writeIfUnchanged(basis, batch, null);
            db.awaitDurable(seq, Durability.REMOTE, Duration.ofSeconds(5));
        }

        private void check(HoldfastDb db) {
            for (Bytes key : refused) if (db.get(key) != null) fault += "found: " + key + "\n";
            for (Bytes key : acknowledged) if (db.get(key) == null) fault += "lost: " + key + "\n";
        }
    }

    @Test
    @Tag("LIFE-7")
    void life7ShouldNeverFindWhatWasAnsweredNotApplied() {
        long refused = 0;
        for (long seed = 0; seed < 3; seed++) {
            var whole = new Told(seed, null);
            assertEquals("", whole.fault, "seed=" + seed);
            refused += whole.refused.size();
            for (int call = 0; call < whole.world.calls(); call++)
                for (CrashPoint crash : CrashWorld.deathsAt(call))
                    assertEquals("", new Told(seed, crash).fault, "seed=" + seed + " " + crash);
        }
        assertTrue(10 < refused, "refused " + refused);
    }
}
