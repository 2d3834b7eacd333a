package dev.holdfast.engine.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.engine.ship.Shipment.Kind;
import dev.holdfast.engine.ship.Upload.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The graph by itself, on a clock that the test moves.
class UploadQueueTest {
    private static final long SECOND = 1_000_000_000L;

    /// A clock that the test moves, and drawn numbers.
    private static final class Clock implements Env {
        private long nanos = 5;
        private SplittableRandom random = new SplittableRandom(1);

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long currentTimeMillis() {
            return nanos / 1_000_000;
        }

        @Override
        public long randomLong() {
            return random.nextLong();
        }

        @Override
        public Thread start(String name, Runnable body) {
            throw new AssertionError("no thread is needed");
        }

        @Override
        public void sleep(Duration duration) {
            throw new AssertionError("nobody sleeps");
        }
    }

    private final Clock clock = new Clock();
    private final Window window = new Window(8);
    private final Park park = new Park(clock);
    private final UploadQueue queue = new UploadQueue(clock, window, park);
    private final UploadScheduler nobody = new UploadScheduler(clock);

    private Upload add(Kind kind, String name, Upload... after) {
        return queue.add(nobody, Shipment.of(kind, name, 1, _ -> {}).after(List.of(after)));
    }

    private Upload take() {
        Upload next = queue.take();
        assertNotNull(next);
        return next;
    }

    private void succeed(Upload upload) {
        queue.release(upload);
        window.succeeded();
        park.accept();
        queue.done(upload);
    }

    private void fail(Upload upload) {
        queue.release(upload);
        park.unanswered();
        queue.again(upload);
    }

    private void refuse(Upload upload) {
        queue.release(upload);
        park.refuse(new IllegalStateException("refused"));
        queue.repeat(upload);
    }

    @Test
    void shouldSendLogObjectsOneAtATimeAndInOrder() {
        Upload first = add(Kind.WAL, "1");
        Upload second = add(Kind.WAL, "2");

        assertEquals(first, take());
        assertNull(queue.take());
        fail(first);
        assertNull(queue.take()); // the second does not overtake it
        clock.nanos += SECOND;
        assertEquals(first, take());
        succeed(first);
        assertEquals(second, take());
    }

    @Test
    void shouldLeaveASlotToTheLogAndOneToManifests() {
        for (int i = 0; i < 20; i++) add(Kind.TABLE, "table " + i);
        for (int i = 0; i < 7; i++) assertEquals("table " + i, take().shipment().name());
        assertNull(queue.take());
        add(Kind.WAL, "log");
        assertEquals("log", take().shipment().name());
        add(Kind.MANIFEST, "manifest");
        assertEquals("manifest", take().shipment().name());
        assertNull(queue.take());
    }

    @Test
    void shouldGiveTablesAQuarterOfTheOnlySlot() {
        for (int i = 0; i < 3; i++) {
            window.slowDown(clock.nanos);
            clock.nanos += 2 * SECOND;
        }
        assertEquals(1, window.size());
        for (int i = 0; i < 100; i++) add(Kind.WAL, "log " + i);
        for (int i = 0; i < 100; i++) add(Kind.TABLE, "table " + i);

        int tables = 0;
        for (int i = 0; i < 40; i++) {
            Upload next = take();
            if (next.shipment().kind() == Kind.TABLE) tables++;
            queue.release(next);
            queue.done(next);
        }

        assertEquals(10, tables);
    }

    @Test
    void shouldRemoveOnlyWhenNothingElseIsToBeSent() {
        add(Kind.DELETE, "old");
        add(Kind.TABLE, "table");
        add(Kind.WAL, "log");

        assertEquals("log", take().shipment().name());
        assertEquals("table", take().shipment().name());
        assertEquals("old", take().shipment().name());
    }

    @Test
    void shouldLetManifestsFollowEachOtherHoweverTheOneBeforeEnded() {
        Upload lost = add(Kind.TABLE, "lost");
        Upload first = add(Kind.MANIFEST, "first", lost);
        Upload second = add(Kind.MANIFEST, "second");
        assertEquals(List.of("first"), second.blockedBy());

        queue.cancel(lost);

        assertEquals(State.CANCELLED, first.state());
        assertEquals(second, take());
    }

    @Test
    void shouldFailTheLogBehindAHole() {
        Upload first = add(Kind.WAL, "1");
        Upload second = add(Kind.WAL, "2");
        Upload third = add(Kind.WAL, "3");
        queue.release(take());

        queue.fail(first, new IllegalStateException("planted"));

        assertEquals(State.FAILED, second.state());
        assertEquals(State.FAILED, third.state());
        assertTrue(queue.isEmpty());
    }

    @Test
    void shouldPauseWithFullJitterUpToTwentySeconds() {
        add(Kind.TABLE, "table");
        long longest = 0;
        long shortest = Long.MAX_VALUE;
        for (int attempt = 1; attempt <= 500; attempt++) {
            Upload upload = take();
            assertEquals(attempt, upload.attempts);
            fail(upload);
            long pause = upload.nextAttemptNanos - clock.nanos;
            long bound = Math.min(20 * SECOND, SECOND / 10 << Math.min(attempt - 1, 30));
            assertTrue(0 <= pause && pause <= bound, "pause " + pause + " of " + bound);
            if (20 < attempt) longest = Math.max(longest, pause);
            if (20 < attempt) shortest = Math.min(shortest, pause);
            assertFalse(queue.isStalled());
            clock.nanos += pause;
        }
        assertTrue(18 * SECOND < longest, "longest " + longest);
        assertTrue(shortest < 2 * SECOND, "shortest " + shortest);
    }

    @Test
    void shouldWakeWhatRestsOnceTheStoreAnswers() {
        for (int i = 0; i < 5; i++) add(Kind.TABLE, "table " + i);
        var resting = new ArrayList<Upload>();
        for (int i = 0; i < 5; i++) resting.add(take());
        for (Upload each : resting) {
            each.attempts = 20;
            fail(each);
        }
        Upload answered = add(Kind.WAL, "log");
        assertEquals(answered, take());

        succeed(answered);

        clock.nanos += SECOND / 10;
        for (int i = 0; i < 5; i++) take();
    }

    @Test
    void shouldProbeARefusingStoreNoMoreThanEveryHalfMinuteOnceItGoesOn() {
        for (int i = 0; i < 5; i++) add(Kind.TABLE, "table " + i);
        add(Kind.WAL, "log");
        long last = Long.MIN_VALUE;
        int probes = 0;
        for (long tick = 0; tick < 36_000; tick++) { // an hour
            Upload probe = queue.take();
            if (probe == null) {
                clock.nanos += SECOND / 10;
                continue;
            }
            if (0 < probes) assertNull(queue.take(), "one at a time");
            boolean isSettled = 20 < probes;
            assertTrue(!isSettled || 15 * SECOND <= clock.nanos - last);
            assertTrue(!isSettled || clock.nanos - last <= 31 * SECOND);
            assertFalse(queue.isStalled());
            last = clock.nanos;
            probes++;
            refuse(probe);
        }
        assertTrue(probes < 250, "probes " + probes);

        clock.nanos += 30 * SECOND;
        succeed(take());
        assertFalse(park.isParked());
        for (int i = 0; i < 5; i++) take();
    }

    @Test
    void shouldSendLessAtATimeWhenAskedToAndMoreAgainLater() {
        window.slowDown(0);
        window.slowDown(SECOND / 2); // of what was sent together
        assertEquals(4, window.size());
        window.slowDown(2 * SECOND);
        window.slowDown(4 * SECOND);
        window.slowDown(6 * SECOND);
        assertEquals(1, window.size());

        for (int i = 0; i < 100; i++) window.succeeded();

        assertEquals(8, window.size());
    }

    @Test
    @Tag("upload-graph")
    void shouldTakeAManifestOnlyAfterAllThatItNeeds() {
        Upload first = add(Kind.TABLE, "first");
        Upload second = add(Kind.TABLE, "second");
        Upload manifest = add(Kind.MANIFEST, "manifest", first, second);

        assertEquals(first, take());
        assertEquals(second, take());
        assertNull(queue.take());
        succeed(second);
        assertNull(queue.take());
        succeed(first);
        assertEquals(manifest, take());
    }

    @Test
    void shouldKeepItsCountsWhateverIsCancelledWhere() {
        Upload running = add(Kind.TABLE, "running");
        take();
        Upload resting = add(Kind.TABLE, "resting");
        fail(take());
        Upload ready = add(Kind.TABLE, "ready");
        Upload blocked = add(Kind.MANIFEST, "blocked", running);

        for (Upload each : List.of(running, resting, ready)) queue.cancel(each);
        assertEquals(State.CANCELLED, blocked.state());
        assertEquals(1, queue.running());
        queue.release(running);

        assertEquals(0, queue.running());
        assertTrue(queue.isEmpty());
        assertFalse(queue.isStalled());
        assertFalse(queue.hasNext());
        assertEquals(State.FAILED, add(Kind.MANIFEST, "late", running).state());
    }

    @Test
    void shouldSeeThatNothingWillSetItGoing() {
        var other = new UploadQueue(clock, new Window(8), new Park(clock));
        Upload orphaned = other.add(nobody, Shipment.of(Kind.TABLE, "gone", 1, _ -> {}));
        add(Kind.MANIFEST, "manifest", orphaned);

        assertTrue(queue.isStalled());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldTakeTheOldestOfAKindFirst(Kind kind) {
        for (int i = 0; i < 5; i++) add(kind, "upload " + i);
        for (int i = 0; i < 5; i++) {
            Upload next = take();
            assertEquals("upload " + i, next.shipment().name());
            succeed(next);
        }
    }

    /// Whatever is drawn: everything ends, nothing before what it needs, and never stalled.
    @RepeatedTest(30)
    void shouldBringEveryGraphToItsEnd(RepetitionInfo repetition) {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        var uploads = new ArrayList<Upload>();
        var running = new ArrayList<Upload>();
        int left = 300;
        for (int step = 0; 0 < left || !queue.isEmpty(); step++) {
            assertTrue(step < 1_000_000, "it does not end");
            String seed = "seed=" + repetition.getCurrentRepetition();
            clock.nanos += random.nextLong(SECOND / 5);
            assertFalse(queue.isStalled(), seed);
            if (0 < left && random.nextInt(3) == 0) {
                left--;
                var after = new ArrayList<Upload>();
                for (int i = random.nextInt(4); 0 < i && !uploads.isEmpty(); i--)
                    after.add(uploads.get(random.nextInt(uploads.size())));
                Kind kind = Kind.values()[random.nextInt(4)];
                uploads.add(add(kind, "upload " + left, after.toArray(Upload[]::new)));
            }
            Upload next = queue.take();
            if (next != null) {
                running.add(next);
                for (Upload each : next.shipment().after())
                    assertEquals(State.DONE, each.state(), seed);
            }
            assertTrue(queue.running() <= 9, seed);
            if (running.isEmpty() || random.nextInt(2) == 0) continue;
            Upload over = running.remove(random.nextInt(running.size()));
            switch (random.nextInt(12)) {
                case 0 -> {
                    queue.release(over);
                    park.unanswered();
                    queue.fail(over, new IllegalStateException("drawn"));
                }
                case 1 -> {
                    queue.cancel(over);
                    queue.release(over);
                    park.unanswered();
                }
                case 2, 3, 4 -> fail(over);
                case 5 -> refuse(over);
                default -> succeed(over);
            }
        }
        for (Upload each : uploads) assertTrue(each.isOver());
        assertEquals(0, queue.running());
    }
}
