package dev.holdfast.simulation.tier;

import static dev.holdfast.simulation.tier.LocalMachine.row;
import static dev.holdfast.simulation.tier.LocalMachine.status;
import static dev.holdfast.simulation.tier.LocalMachine.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.simulation.tier.LocalMachine.Mood;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a machine with a local disk does while there is nothing to do, or nothing can be done: it
/// is woken, and looks for nothing by itself.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SAME_THREAD) // the one that made the world
class LocalIdleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SELDOM = Duration.ofMinutes(10);
    private static final int TURNS_A_SECOND_MAX = 5;
    private static final int PROBES_MAX = 40;

    @Test
    void shouldWakeSeldomWhenIdle() {
        var machine = new LocalMachine(0);
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(SELDOM), PATIENCE);
            write(db, 0, 100, Durability.REMOTE);
            machine.env().sleep(Duration.ofMinutes(1));
            long before = machine.turns();

            machine.env().sleep(Duration.ofHours(1));

            long turns = machine.turns() - before;
            System.out.println("turns in an idle hour: " + turns);
            assertTrue(turns <= TURNS_A_SECOND_MAX * 3600L, "turns: " + turns);
            db.close();
        });
    }

    @Test
    void shouldShipAtOnceWhatSomebodyWaitsFor() {
        var machine = new LocalMachine(0);
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(SELDOM), PATIENCE);
            machine.env().sleep(Duration.ofMinutes(1));

            Duration took = machine.timeOf(() -> db.write(row(0), Durability.REMOTE));

            assertTrue(took.compareTo(Duration.ofMillis(1)) < 0, "it took " + took);
            db.close();
        });
    }

    @Test
    void shouldProbeNowAndThenWhileTheStoreRefusesAndGoOnByItself() {
        var machine = new LocalMachine(0);
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(Duration.ofSeconds(2)), PATIENCE);
            machine.become(Mood.REFUSES);
            write(db, 0, 100, Durability.LOCAL);
            machine.env().sleep(SELDOM);
            long probes = machine.struck();
            assertTrue(0 < probes && probes <= PROBES_MAX, "probes: " + probes);
            assertTrue(status(db).uploads().parkedWhy().contains("refused"), "" + status(db));
            long before = machine.turns();
            machine.env().sleep(SELDOM);
            long turns = machine.turns() - before;
            assertTrue(turns <= TURNS_A_SECOND_MAX * SELDOM.toSeconds(), "turns: " + turns);

            machine.become(Mood.KIND);
            machine.env().sleep(Duration.ofSeconds(31));

            assertEquals(0, status(db).exposure().bytes());
            assertEquals("", status(db).uploads().parkedWhy());
            db.shutdown(Mode.SMART, PATIENCE);
        });
    }
}
