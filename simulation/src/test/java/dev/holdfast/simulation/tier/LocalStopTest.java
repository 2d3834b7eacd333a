package dev.holdfast.simulation.tier;

import static dev.holdfast.simulation.tier.LocalMachine.SECOND;
import static dev.holdfast.simulation.tier.LocalMachine.requireRows;
import static dev.holdfast.simulation.tier.LocalMachine.row;
import static dev.holdfast.simulation.tier.LocalMachine.status;
import static dev.holdfast.simulation.tier.LocalMachine.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.simulation.tier.LocalMachine.Mood;
import dev.holdfast.simulation.tier.LocalMachine.Remains;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stops of a machine with a local disk, whatever its bucket does: how long they take, what they
/// say is left, and that the next start finds just that.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD) // the one that made the world
class LocalStopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration QUICKLY = Duration.ofMillis(20);
    private static final Duration SELDOM = Duration.ofMinutes(10);

    private static void requireAtMost(Duration most, Duration took) {
        assertTrue(took.compareTo(most) <= 0, "it took " + took);
    }

    @ParameterizedTest
    @EnumSource(Mood.class)
    void shouldStopInHasteWithinASecondWhateverTheStoreDoes(Mood mood) {
        var machine = new LocalMachine(mood.ordinal());
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(QUICKLY), SECOND);
            write(db, 0, 50, Durability.LOCAL);
            machine.become(mood);
            write(db, 50, 3000, Durability.MEMORY);
            long before = machine.env().nanoTime();

            ShutdownReport report = db.shutdown(Mode.FAST, PATIENCE);

            requireAtMost(SECOND, Duration.ofNanos(machine.env().nanoTime() - before));
            requireRemainderComesBack(machine, Remains.in(report), mood, 3000);
        });
    }

    @ParameterizedTest
    @EnumSource(Mood.class)
    void shouldStopInOrderByItsDeadlineWithAnExactRemainder(Mood mood) {
        var machine = new LocalMachine(mood.ordinal());
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(QUICKLY), SECOND);
            write(db, 0, 50, Durability.LOCAL);
            machine.become(mood);
            write(db, 50, 1000, Durability.MEMORY);
            Duration budget = Duration.ofSeconds(2);
            long before = machine.env().nanoTime();

            ShutdownReport report = db.shutdown(Mode.SMART, budget);

            requireAtMost(
                    budget.plusMillis(500), Duration.ofNanos(machine.env().nanoTime() - before));
            requireRemainderComesBack(machine, Remains.in(report), mood, 1000);
        });
    }

    // Nothing new can be shipped while the next one opens: what it has to ship is what was left.
    private static void requireRemainderComesBack(
            LocalMachine machine, Remains left, Mood mood, int rows) {
        machine.become(Mood.TAKES_NO_TABLES);
        try (HoldfastDb next = machine.open(machine.local(SELDOM), PATIENCE)) {
            Remains back = Remains.foundBy(next);
            boolean isExact =
                    switch (mood) {
                        case HANGS, REFUSES, FAILS -> true;
                        // What was under way may have landed after the report.
                        case KIND, DRIPS, LOSES_ANSWERS, TAKES_NO_TABLES -> false;
                    };
            if (isExact) assertEquals(left, back);
            assertTrue(back.commits() <= left.commits(), left + " " + back);
            assertTrue(back.bytes() <= left.bytes(), left + " " + back);
            requireRows(next, rows);
            machine.become(Mood.KIND);
        }
    }

    /// OrioleDB's issue 340: its queue is full, its bucket is gone, whoever waits for a place is
    /// killed, and then it is to stop.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4})
    void shouldNotHangAsOrioleDbDidWhenWritersDieWhileTheyWaitForABlackHole(long seed) {
        var machine = new LocalMachine(seed);
        LocalSettings tiny =
                machine.local(SELDOM).withUnshippedMax(ByteSize.kibibytes(8), Duration.ZERO);
        machine.tell(() -> {
            HoldfastDb db = machine.open(tiny, PATIENCE);
            machine.become(Mood.HANGS);
            interruptWritersThatBlock(machine, db);
            long before = machine.env().nanoTime();

            ShutdownReport report = db.shutdown(Mode.SMART, Duration.ofSeconds(2));

            requireAtMost(
                    Duration.ofMillis(2500), Duration.ofNanos(machine.env().nanoTime() - before));
            Remains left = Remains.in(report);
            assertTrue(0 < left.commits() && 0 < left.bytes(), report.toJson());
            machine.become(Mood.TAKES_NO_TABLES); // the manifest of the opening, and no more
            HoldfastDb next = machine.open(tiny, PATIENCE);
            machine.become(Mood.HANGS);
            assertEquals(left, Remains.foundBy(next));

            before = machine.env().nanoTime();
            Remains still = Remains.in(next.shutdown(Mode.FAST, Duration.ofSeconds(2)));

            requireAtMost(SECOND, Duration.ofNanos(machine.env().nanoTime() - before));
            assertEquals(left, still);
        });
    }

    private static void interruptWritersThatBlock(LocalMachine machine, HoldfastDb db)
            throws InterruptedException {
        var ended = new CountDownLatch(4);
        var writers = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            int first = 10_000 * i;
            Runnable body =
                    () -> {
                        try {
                            for (int j = first; ; j++) db.write(row(j), Durability.LOCAL);
                        } catch (StorageException _) {
                            ended.countDown();
                        }
                    };
            writers.add(machine.env().start("writer " + i, body));
        }
        while (status(db).heldUp().stopped() == 0) machine.env().sleep(Duration.ofMillis(1));
        machine.env().sleep(Duration.ofMillis(100));
        assertEquals(4, ended.getCount());
        for (Thread each : writers) each.interrupt();
        assertTrue(ended.await(1, TimeUnit.SECONDS), "hangs");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4})
    @Tag("owner")
    void shouldLeaveInHasteThoughTheStoreHangsOnItsLastWord(long seed) {
        var machine = new LocalMachine(seed);
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(SELDOM), PATIENCE);
            write(db, 0, 1, Durability.REMOTE);
            machine.hangOn(name -> name.contains("drained"));
            long before = machine.env().nanoTime();

            ShutdownReport report = db.shutdown(Mode.FAST, SECOND);

            requireAtMost(SECOND, Duration.ofNanos(machine.env().nanoTime() - before));
            assertFalse(report.toJson().contains("ABANDONED"), report.toJson());
            assertEquals(List.of("owner-1"), machine.ownersWords());
        });
    }

    @Test
    @Tag("owner")
    void shouldNotSayDrainedWhenItIsNot() {
        var machine = new LocalMachine(0);
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(SELDOM), PATIENCE);
            machine.hangOn(name -> !name.contains("/holdfast/"));
            write(db, 0, 1, Durability.LOCAL);

            ShutdownReport report = db.shutdown(Mode.FAST, SECOND);

            assertEquals(ExitCode.CUT_SHORT, report.exitCode(), report.toJson());
            assertEquals(1, Remains.in(report).commits(), report.toJson());
            assertEquals(List.of("owner-1"), machine.ownersWords());
        });
    }

    @Test
    @Tag("owner")
    void shouldSayDrainedAlsoInHasteIfItIs() {
        var machine = new LocalMachine(0);
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(SELDOM), PATIENCE);
            write(db, 0, 1, Durability.REMOTE);

            db.shutdown(Mode.FAST, SECOND);

            assertEquals(List.of("drained-1", "owner-1"), machine.ownersWords());
        });
    }

    @Test
    void shouldCutADrainShortWhenASecondStopIsInHasteAndTellBothTheSame() {
        var machine = new LocalMachine(0);
        machine.tell(() -> {
            HoldfastDb db = machine.open(machine.local(SELDOM), PATIENCE);
            machine.become(Mood.HANGS);
            write(db, 0, 100, Durability.LOCAL);
            var reports = new ArrayList<ShutdownReport>();
            long begun = machine.env().nanoTime();
            machine.env().start("first stop", () -> reports.add(db.shutdown(Mode.SMART, PATIENCE)));
            machine.env().sleep(Duration.ofSeconds(5));
            assertEquals(List.of(), reports);

            ShutdownReport second = db.shutdown(Mode.FAST, PATIENCE);

            Duration took = Duration.ofNanos(machine.env().nanoTime() - begun);
            assertTrue(took.compareTo(Duration.ofSeconds(6)) <= 0, second.toJson());
            machine.env().sleep(SECOND);
            assertEquals(1, reports.size());
            assertSame(second, reports.getFirst());
            assertSame(second, db.shutdown(Mode.SMART, PATIENCE));
            assertEquals(100, Remains.in(second).commits(), second.toJson());
        });
    }
}
