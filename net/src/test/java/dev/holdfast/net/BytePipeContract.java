package dev.holdfast.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.net.BytePipe.Farewell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every pipe keeps, whatever it is made of.
@Timeout(60)
abstract class BytePipeContract {
    /// Bytes that a pipe under test may hold in each direction.
    static final int BUFFER_BYTES = 256 * 1024;

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    /// The other end of the pipe under test.
    interface FarEnd extends AutoCloseable {
        void write(byte[] bytes) throws IOException;

        /// As many bytes as asked for, fewer only at the end of the stream.
        byte[] read(int count) throws IOException;

        void finish() throws IOException;

        @Override
        void close();
    }

    /// Both ends of a new pipe.
    record Ends(BytePipe near, FarEnd far) implements AutoCloseable {
        @Override
        public void close() {
            near.close();
            far.close();
        }
    }

    abstract Ends open() throws Exception;

    @Test
    void shouldCarryBytesInOrderBothWays() throws Exception {
        long seed = Long.getLong("net.seed", System.nanoTime());
        try (Ends ends = open()) {
            // given
            byte[] there = randomBytes(seed, 3_000_000);
            byte[] back = randomBytes(seed + 1, 3_000_000);
            AtomicReference<byte[]> arrived = new AtomicReference<>();
            Thread writer = Thread.ofVirtual().start(() -> quietly(() -> ends.far.write(there)));
            Thread reader =
                    Thread.ofVirtual()
                            .start(() -> quietly(() -> arrived.set(ends.far.read(back.length))));
            // when
            Thread answering = Thread.ofVirtual().start(() -> quietly(() -> send(ends, back)));
            byte[] received = receive(ends.near, there.length);
            answering.join();
            reader.join();
            writer.join();
            // then
            assertArrayEquals(there, received, "seed=" + seed);
            assertArrayEquals(back, arrived.get(), "seed=" + seed);
            assertEquals(0, ends.near.unsent());
            assertEquals(back.length, ends.near.sent());
        }
    }

    /// Takes what is lent, and lets the reader wait.
    private static final class Taking implements StandIn {
        private final BytePipe pipe;
        private final SynchronousQueue<Bytes> taken = new SynchronousQueue<>();
        private final CountDownLatch all = new CountDownLatch(1);

        Taking(BytePipe pipe) {
            this.pipe = pipe;
        }

        @Override
        public void came() {
            Thread.ofVirtual().start(() -> quietly(() -> taken.put(pipe.takeLent())));
        }

        @Override
        public void allCame() {
            all.countDown();
        }
    }

    @Test
    void shouldLendWhatComesWhileTheReaderWaitsAndKeepThatWhereItIs() throws Exception {
        try (Ends ends = open()) {
            // given
            var standIn = new Taking(ends.near);
            ends.near.lendTo(standIn);
            var read = new AtomicReference<Bytes>();
            var reader =
                    Thread.ofVirtual()
                            .unstarted(() -> quietly(() -> read.set(ends.near.read(LONG))));
            reader.start();
            while (reader.getState() != Thread.State.TIMED_WAITING
                    && reader.getState() != Thread.State.WAITING) Thread.onSpinWait();
            // when
            ends.far.write(new byte[] {1});
            assertEquals(Bytes.wrap(new byte[] {1}), standIn.taken.take());
            standIn.all.await();
            // then: whatever happens, the reader stays while the pipe is lent
            ends.near.wake();
            assertFalse(reader.join(SHORT));
            ends.far.write(new byte[] {2});
            while (ends.near.available() == 0) Thread.onSpinWait();
            assertFalse(reader.join(SHORT));
            assertTrue(ends.near.giveBack(BytePipe.Reader.WAITS), "kept although it was woken");
            reader.join();
            assertEquals(Bytes.wrap(new byte[] {2}), read.get());
        }
    }

    @Test
    void shouldKeepThePipeLentWhenMoreHasCome() throws Exception {
        try (Ends ends = open()) {
            // given
            var standIn = new Taking(ends.near);
            ends.near.lendTo(standIn);
            var read = new AtomicReference<Bytes>();
            var reader =
                    Thread.ofVirtual()
                            .unstarted(() -> quietly(() -> read.set(ends.near.read(LONG))));
            reader.start();
            while (reader.getState() != Thread.State.TIMED_WAITING
                    && reader.getState() != Thread.State.WAITING) Thread.onSpinWait();
            ends.far.write(new byte[] {1});
            assertEquals(Bytes.wrap(new byte[] {1}), standIn.taken.take());
            ends.far.write(new byte[] {2});
            while (ends.near.available() == 0) Thread.onSpinWait();
            // when
            boolean isGivenBack = ends.near.giveBack(BytePipe.Reader.WAITS);
            // then
            assertFalse(isGivenBack);
            assertEquals(Bytes.wrap(new byte[] {2}), ends.near.takeLent());
            assertTrue(ends.near.giveBack(BytePipe.Reader.GOES_ON));
            reader.join();
            assertEquals(Bytes.EMPTY, read.get());
        }
    }

    @Test
    void shouldReadNothingWhenNothingComesInTime() throws Exception {
        try (Ends ends = open()) {
            assertEquals(Bytes.EMPTY, ends.near.read(Duration.ZERO));
            assertEquals(Bytes.EMPTY, ends.near.read(SHORT));
        }
    }

    @Test
    void shouldReadNothingWhenWoken() throws Exception {
        try (Ends ends = open()) {
            // given: also when the wake comes before the read
            ends.near.wake();
            assertEquals(Bytes.EMPTY, ends.near.read(LONG));
            // when
            Thread waker = Thread.ofVirtual().start(ends.near::wake);
            // then
            assertEquals(Bytes.EMPTY, ends.near.read(LONG));
            waker.join();
        }
    }

    @Test
    void shouldTellTheEndOnlyAfterAllThatCameBeforeIt() throws Exception {
        try (Ends ends = open()) {
            // given
            ends.far.write(new byte[] {1, 2, 3});
            assertFalse(ends.near.isOver());
            ends.far.finish();
            while (!ends.near.isOver()) Thread.onSpinWait();
            // when
            byte[] received = receive(ends.near, 3);
            // then: and the other direction goes on
            assertArrayEquals(new byte[] {1, 2, 3}, received);
            assertNull(ends.near.read(LONG));
            assertNull(ends.near.read(LONG));
            ends.near.write(List.of(Bytes.utf8("still here")), LONG);
            assertEquals("still here", new String(ends.far.read(10)));
        }
    }

    @Test
    void shouldHoldTheOtherSideBackWhileNobodyReads() throws Exception {
        try (Ends ends = open()) {
            // given
            int whole = 64 * 1024 * 1024;
            var started = new CountDownLatch(1);
            Thread writer =
                    Thread.ofVirtual()
                            .start(() ->
                                    quietly(() -> {
                                        started.countDown();
                                        ends.far.write(new byte[whole]);
                                    }));
            // when
            started.await();
            while (ends.near.available() < BUFFER_BYTES) Thread.onSpinWait();
            // then: one piece more than the bound may have been under way
            assertTrue(ends.near.available() < 2 * BUFFER_BYTES, "held too much");
            assertEquals(whole, receive(ends.near, whole).length);
            writer.join();
        }
    }

    @Test
    void shouldSayThatTheOtherSideIsStalledWhenItTakesNothing() throws Exception {
        try (Ends ends = open()) {
            // given
            Bytes piece = Bytes.wrap(new byte[64 * 1024]);
            // when
            PipeException stalled =
                    assertThrows(
                            PipeException.class,
                            () -> {
                                for (int i = 0; i < 2_000; i++)
                                    ends.near.write(List.of(piece), SHORT);
                            });
            // then
            assertEquals(PipeException.Reason.STALLED, stalled.reason());
            assertTrue(0 < ends.near.unsent());
            assertTrue(ends.near.unsent() <= 2 * BUFFER_BYTES, "held " + ends.near.unsent());
        }
    }

    @Test
    void shouldWriteAtOnceInOrderAndOnlyWhatNeedNotWait() throws Exception {
        try (Ends ends = open()) {
            // given
            var written = new ByteArrayOutputStream();
            boolean wasTaken = true;
            // when: the other side takes nothing
            for (int i = 0; wasTaken && i < 2_000; i++) {
                byte[] piece = randomBytes(i, 10_000);
                wasTaken = ends.near.writeAtOnce(List.of(Bytes.wrap(piece), Bytes.wrap(piece)));
                if (wasTaken) written.writeBytes(piece);
                if (wasTaken) written.writeBytes(piece);
            }
            // then
            assertFalse(wasTaken, "took without bound");
            assertTrue(ends.near.unsent() <= 2 * BUFFER_BYTES, "held " + ends.near.unsent());
            byte[] expected = written.toByteArray();
            assertArrayEquals(expected, ends.far.read(expected.length));
            ends.near.close();
            assertThrows(
                    PipeException.class, () -> ends.near.writeAtOnce(List.of(Bytes.utf8("x"))));
        }
    }

    @Test
    void shouldSendWhatAGroupHasByItsFlushAndInTheOrderOfWriting() throws Exception {
        try (Ends ends = open()) {
            // given
            var group = new FlushGroup();
            var expected = new ByteArrayOutputStream();
            for (int i = 0; i < 1_000; i++) {
                byte[] grouped = randomBytes(2 * i, 1 + i % 50);
                byte[] alone = randomBytes(2 * i + 1, 1 + i % 70);
                expected.writeBytes(grouped);
                // when: another write may come before the flush
                assertTrue(ends.near.writeAtOnce(List.of(Bytes.wrap(grouped)), group));
                if (i % 3 == 0) ends.near.write(List.of(Bytes.wrap(alone)), LONG);
                if (i % 3 == 0) expected.writeBytes(alone);
                if (i % 10 == 9) group.flush();
                // then
                if (i % 10 != 9) continue;
                byte[] sent = expected.toByteArray();
                assertArrayEquals(sent, ends.far.read(sent.length));
                expected.reset();
            }
            // and none is sent twice
            group.flush();
            ends.near.write(List.of(Bytes.utf8("end")), LONG);
            assertArrayEquals(Bytes.utf8("end").toArray(), ends.far.read(3));
        }
    }

    @Test
    void shouldFinishWithEverythingSentAndNothingReset() throws Exception {
        try (Ends ends = open()) {
            // given: the other side goes on sending meanwhile
            ends.far.write(new byte[10_000]);
            ends.near.write(List.of(Bytes.wrap(new byte[100_000])), LONG);
            AtomicReference<Farewell> farewell = new AtomicReference<>();
            // when
            Thread finishing =
                    Thread.ofVirtual()
                            .start(() -> quietly(() -> farewell.set(ends.near.finish(LONG))));
            ends.far.write(new byte[20_000]);
            byte[] received = ends.far.read(200_000);
            ends.far.finish();
            finishing.join();
            // then
            assertEquals(100_000, received.length);
            assertEquals(Farewell.SENT, farewell.get());
        }
    }

    @Test
    void shouldFinishInTimeWhenTheOtherSideDoesNotEnd() throws Exception {
        try (Ends ends = open()) {
            ends.near.write(List.of(Bytes.utf8("bye")), LONG);
            assertEquals(Farewell.SENT, ends.near.finish(SHORT));
            assertEquals("bye", new String(ends.far.read(100)));
        }
    }

    @Test
    void shouldWaitForTheOtherSideForAsLongAsIsGranted() throws Exception {
        try (Ends ends = open()) {
            // given
            var granted = new AtomicInteger();
            var farewell = new AtomicReference<Farewell>();
            Supplier<Duration> more =
                    () -> granted.incrementAndGet() < 3 ? Duration.ofMillis(1) : Duration.ZERO;
            // when
            Thread finishing =
                    Thread.ofVirtual()
                            .start(() ->
                                    quietly(() -> farewell.set(ends.near.finish(SHORT, more))));
            finishing.join();
            // then
            assertEquals(3, granted.get());
            assertEquals(Farewell.SENT, farewell.get());
        }
    }

    @Test
    void shouldRefuseToWorkOnceItIsClosed() throws Exception {
        try (Ends ends = open()) {
            ends.near.close();
            ends.near.close();
            PipeException refused =
                    assertThrows(
                            PipeException.class,
                            () -> ends.near.write(List.of(Bytes.utf8("x")), LONG));
            assertEquals(PipeException.Reason.CLOSED, refused.reason());
            assertEquals(0, ends.far.read(1).length);
        }
    }

    private static void send(Ends ends, byte[] bytes) throws Exception {
        var random = new Random(bytes.length);
        for (int from = 0; from < bytes.length; ) {
            int first = Math.min(random.nextInt(100_000), bytes.length - from);
            int second = Math.min(random.nextInt(100), bytes.length - from - first);
            ends.near.write(
                    List.of(
                            Bytes.wrap(bytes, from, first),
                            Bytes.wrap(bytes, from + first, second)),
                    LONG);
            from += first + second;
        }
        while (0 < ends.near.unsent()) Thread.onSpinWait();
    }

    private static byte[] receive(BytePipe pipe, int count) throws Exception {
        var received = new ByteArrayOutputStream();
        while (received.size() < count) {
            Bytes piece = pipe.read(LONG);
            assertNotNull(piece, "ended after " + received.size());
            received.writeBytes(piece.toArray());
        }
        return received.toByteArray();
    }

    private static byte[] randomBytes(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// Work that a test's own thread does.
    interface Work {
        void run() throws Exception;
    }

    static void quietly(Work work) {
        try {
            work.run();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
