package dev.holdfast.lifecycle.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.StopException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GateTest {
    private final StateWord word = new StateWord("server", Env.system());
    private final Gate gate = new Gate("requests", word.token());

    private static Deadline in(long millis) {
        return Deadline.after(Env.system(), Duration.ofMillis(millis));
    }

    @Test
    @Tag("LIFE-14")
    void life14ShouldRefuseWhoComesAfterTheClose() {
        // given
        word.advance(State.DRAINING, Level.DRAIN);
        gate.close();
        // when
        var refused = assertThrows(StopException.class, () -> gate.enter("client", "GET"));
        // then
        assertEquals(Certainty.NOT_APPLIED, refused.certainty());
        assertTrue(refused.isOf(word));
        assertTrue(gate.isEmpty());
    }

    @Test
    @Tag("LIFE-14")
    void life14ShouldRefuseWhoComesForATicketAfterTheClose() {
        // given
        gate.close();
        // when
        var refused = assertThrows(StopException.class, () -> gate.enterBriefly("client", "GET"));
        // then
        assertEquals(Certainty.NOT_APPLIED, refused.certainty());
        assertTrue(gate.isEmpty());
    }

    @Test
    @Tag("LIFE-15")
    void life15ShouldNameWhoIsInsideWithATicket() throws Exception {
        // given
        long ticket = gate.enterBriefly("client", "GET");
        // when
        List<Holder> left = gate.drain(in(20));
        gate.leave(ticket);
        // then
        assertEquals(List.of(new Holder("client", "GET", Thread.currentThread())), left);
        assertEquals(List.of(), gate.drain(in(5_000)));
    }

    @Test
    void shouldEndNobodyElsesStayWhenATicketIsUsedTwice() {
        // given: every place has been used, and the next one will be used again
        List<Long> used = new ArrayList<>();
        for (int i = 0; i < 100; i++) used.add(gate.enterBriefly("client", "GET"));
        used.forEach(gate::leave);
        long mine = gate.enterBriefly("client", "SET");
        // when
        used.forEach(gate::leave);
        // then
        assertEquals(1, gate.holders().size());
        gate.leave(mine);
        assertTrue(gate.isEmpty());
    }

    @Test
    @Tag("LIFE-14")
    void life14ShouldLetAHolderForkWhileClosed() throws Exception {
        // given
        var finish = new CountDownLatch(1);
        Pass pass = gate.enter("client", "MGET");
        gate.close();
        // when
        Thread helper =
                pass.fork(
                        Env.system(),
                        "part of MGET",
                        () -> {
                            try {
                                finish.await();
                            } catch (InterruptedException interrupted) {
                                throw new AssertionError(interrupted);
                            }
                        });
        pass.close();
        // then
        List<Holder> left = gate.drain(in(20));
        assertEquals(1, left.size(), left.toString());
        assertSame(helper, left.get(0).thread());
        assertEquals("part of MGET", left.get(0).doing());
        finish.countDown();
        assertEquals(List.of(), gate.drain(in(5_000)));
        assertThrows(IllegalStateException.class, () -> pass.fork(Env.system(), "late", () -> {}));
        assertTrue(gate.isEmpty());
    }

    @Test
    @Tag("LIFE-15")
    @Tag("INC-3")
    void life15ShouldNameEveryoneWhoIsStillInside() throws Exception {
        Pass first = gate.enter("client 1", "SET");
        Pass second = gate.enter("client 2", "GET");
        List<Holder> left = gate.drain(in(20));
        Thread here = Thread.currentThread();
        assertEquals(
                List.of(new Holder("client 1", "SET", here), new Holder("client 2", "GET", here)),
                left.stream().sorted(java.util.Comparator.comparing(Holder::who)).toList());
        first.close();
        assertFalse(gate.isEmpty());
        second.close();
        assertEquals(List.of(), gate.drain(in(20)));
    }

    @Test
    void shouldCountAPassOnceHoweverOftenItIsClosed() throws Exception {
        Pass first = gate.enter("client 1", "SET");
        first.close();
        Pass second = gate.enter("client 2", "GET"); // may have taken the same place
        first.close();
        first.close();
        assertTrue(second.isOpen());
        assertEquals(1, gate.holders().size());
        second.close();
        assertTrue(gate.isEmpty());
    }

    @Test
    void shouldHoldMoreThanItsFirstTable() throws Exception {
        List<Pass> passes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) passes.add(gate.enter("client " + i, "GET"));
        assertEquals(10_000, gate.holders().size());
        assertTrue(gate.capacity() <= 1 << 15, "capacity=" + gate.capacity());
        passes.forEach(Pass::close);
        assertEquals(List.of(), gate.drain(in(1_000)));
    }

    @Test
    void shouldLetInAgainAfterAReopen() throws Exception {
        assertEquals(List.of(), gate.drain(in(20)));
        gate.reopen();
        gate.enter("client", "GET").close();
    }

    @Test
    @Tag("LIFE-14")
    @Tag("LIFE-15")
    void life15ShouldNeverSayEmptyWhileAnyoneIsInside() throws Exception {
        for (int round = 0; round < 200; round++) raceDrainWithForkingHolders();
    }

    private void raceDrainWithForkingHolders() throws InterruptedException {
        var raced = new Gate("raced", word.token());
        var inside = new AtomicInteger();
        var isEmpty = new AtomicBoolean();
        var fault = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(Thread.ofVirtual().start(() -> visit(raced, inside, isEmpty, fault)));
        }
        List<Holder> left = raced.drain(in(10_000));
        isEmpty.set(true);
        if (inside.get() != 0) fault.set(true);
        for (Thread thread : threads) thread.join();
        assertEquals(List.of(), left);
        assertFalse(fault.get(), "someone was inside an empty gate");
    }

    private static void visit(
            Gate gate, AtomicInteger inside, AtomicBoolean isEmpty, AtomicBoolean fault) {
        try {
            while (true) {
                try (Pass pass = gate.enter("visitor", "work")) {
                    inside.incrementAndGet();
                    if (isEmpty.get()) fault.set(true);
                    var over = new CountDownLatch(1);
                    inside.incrementAndGet();
                    pass.fork(
                            Env.system(),
                            "more work",
                            () -> {
                                LockSupport.parkNanos(1_000);
                                if (isEmpty.get()) fault.set(true);
                                inside.decrementAndGet();
                                over.countDown();
                            });
                    inside.decrementAndGet();
                }
            }
        } catch (StopException closed) {
            // the gate was closed: done
        }
    }

    /// One holder brings the next and leaves: whoever looks at the places one after the other may
    /// find each of them free, though at no instant all of them were.
    @Test
    @Tag("LIFE-15")
    void life15ShouldNotBeFooledByHoldersThatHandOver() throws Exception {
        var isObserved = new AtomicBoolean();
        Pass first = gate.enter("runner", "relay");
        Thread relay = Thread.ofPlatform().start(() -> handOver(first, isObserved));
        boolean saidEmpty = false;
        for (int look = 0; look < 200_000 && !saidEmpty; look++) saidEmpty = gate.isEmpty();
        isObserved.set(true);
        relay.join();
        assertFalse(saidEmpty);
        assertTrue(gate.isEmpty());
    }

    // The last one is still inside when the last look is over.
    private void handOver(Pass first, AtomicBoolean isObserved) {
        Pass inside = first;
        while (!isObserved.get()) {
            Pass next = gate.enter("runner", "relay");
            inside.close();
            inside = next;
        }
        inside.close();
    }

    @Test
    void shouldStopWaitingWhenTheScopeAborts() throws Exception {
        Pass pass = gate.enter("client", "BLPOP");
        word.advance(State.DRAINING, Level.ABORT);
        long from = System.nanoTime();
        List<Holder> left = gate.drain(in(20_000));
        assertEquals(1, left.size());
        assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from) < 10);
        pass.close();
    }
}
