package dev.holdfast.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final Env env = Env.system();
    private final Token token = Token.standalone(env);
    private final MemoryBudget budget = new MemoryBudget(ByteSize.bytes(1600));

    @Test
    void shouldStopWritersAtThreeQuartersAndSlowThemFromAHalf() {
        MemoryAccount account = budget.account();

        assertTrue(account.tryTake(800));
        assertEquals(0, budget.pressure());
        assertTrue(account.tryTake(400));
        assertEquals(1, budget.pressure());
        assertFalse(account.tryTake(1));
        assertEquals(1200, budget.held());
    }

    @Test
    void shouldLetABatchThatFitsNowhereGoAlone() {
        MemoryAccount account = budget.account();

        assertTrue(account.tryTake(5000));
        assertFalse(account.tryTake(1));
    }

    @Test
    void shouldHoldNothingOnceAnAccountIsClosedWhateverIsBookedLater() {
        MemoryAccount account = budget.account();
        account.tryTake(100);
        account.add(MemoryUse.LOG, 50);

        account.close();
        account.add(MemoryUse.LOG, -50);
        account.tryTake(10);

        assertEquals(0, budget.held());
        for (MemoryUse use : MemoryUse.values()) assertEquals(0, budget.held(use), use.name());
    }

    @Test
    void shouldGrantLessWhenThereIsNotRoomForAll() {
        Lease first = budget.lease(MemoryUse.COMPACTION, 100, 300);
        Lease second = budget.lease(MemoryUse.READ_AHEAD, 50, 400);

        assertNotNull(first);
        assertNotNull(second);
        assertEquals(300, first.bytes());
        assertEquals(100, second.bytes()); // a quarter of the limit for all of them
        assertNull(budget.lease(MemoryUse.READ_AHEAD, 1, 1));
        first.close();
        first.close();
        assertEquals(100, budget.held());
    }

    @Test
    void shouldAlwaysLetOneFlushGo() throws InterruptedException {
        budget.account().tryTake(1200);

        try (Lease _ = flush(1000, Duration.ofSeconds(5))) {
            assertEquals(2200, budget.held());
            assertThrows(Unavailable.class, () -> flush(1, Duration.ofMillis(1)));
        }
        flush(1, Duration.ofSeconds(5)).close();
        assertEquals(1200, budget.held());
    }

    @Test
    void shouldLetTheNextFlushGoWhenOneEnds() throws Exception {
        Lease first = flush(2000, Duration.ofSeconds(5));
        Thread second =
                env.start(
                        "second flush",
                        () -> {
                            try {
                                flush(2000, Duration.ofSeconds(30)).close();
                            } catch (InterruptedException interrupted) {
                                throw new AssertionError(interrupted);
                            }
                        });

        first.close();
        second.join(Duration.ofSeconds(30));

        assertFalse(second.isAlive());
        assertEquals(0, budget.held());
    }

    private Lease flush(long bytes, Duration patience) throws InterruptedException {
        return budget.leaseForFlush(bytes, Deadline.after(env, patience), token);
    }

    @Test
    void shouldAskTheDatabaseWithTheMostForRoomUntilEnoughIsOnItsWay() {
        var asked = new ArrayList<String>();
        List<FakeDatabase> databases =
                List.of(
                        new FakeDatabase("small", 100, asked),
                        new FakeDatabase("big", 700, asked),
                        new FakeDatabase("middle", 300, asked));
        for (FakeDatabase database : databases) {
            MemoryAccount account = budget.account();
            account.add(MemoryUse.MEMTABLES, database.bytes);
            account.relieveBy(database);
        }
        MemoryAccount writer = budget.account();

        assertTrue(writer.tryTake(10));
        assertTrue(writer.tryTake(10));

        assertEquals(List.of("big"), asked);
    }

    @Test
    void shouldHaveBlocksGiveWay() {
        var shrunk = new ArrayList<Long>();
        budget.shrinkBlocksBy(() -> {
            shrunk.add(budget.roomForBlocks());
            budget.addBlocks(budget.roomForBlocks() - budget.blocks());
        });
        budget.addBlocks(1500);

        budget.account().tryTake(600);

        assertEquals(List.of(1000L), shrunk);
        assertEquals(1600, budget.held() + budget.blocks());
    }

    private static final class FakeDatabase implements Relief {
        private final String name;
        private final long bytes;
        private final List<String> asked;
        private boolean isLeaving;

        FakeDatabase(String name, long bytes, List<String> asked) {
            this.name = name;
            this.bytes = bytes;
            this.asked = asked;
        }

        @Override
        public long idleBytes() {
            return isLeaving ? 0 : bytes;
        }

        @Override
        public long leavingBytes() {
            return bytes - idleBytes();
        }

        @Override
        public void ask() {
            isLeaving = true;
            asked.add(name);
        }

        @Override
        public void wake() {}
    }
}
