package dev.holdfast.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SteppedBookingTest {
    private static final long STEP = 1 << 16;

    private final MemoryBudget budget = new MemoryBudget(ByteSize.gibibytes(1));
    private final SteppedBooking booking = new SteppedBooking(MemoryUse.LOG);

    private long booked() {
        return budget.held(MemoryUse.LOG);
    }

    @Test
    void shouldBookWholeSteps() {
        booking.bookIn(budget.account());
        booking.take(1);
        assertEquals(STEP, booked());
        booking.take(STEP - 1);
        assertEquals(STEP, booked());
        booking.take(1);
        assertEquals(2 * STEP, booked());
    }

    @Test
    void shouldGiveBackWhenItIsSaid() {
        booking.bookIn(budget.account());
        booking.take(3 * STEP);
        Runnable freed = booking.release(3 * STEP);
        assertEquals(3 * STEP, booked());
        freed.run();
        assertEquals(0, booked());
    }

    @Test
    void shouldBookWhatWasHeldBefore() {
        booking.take(10);
        booking.release(3).run();
        booking.bookIn(budget.account());
        assertEquals(STEP, booked());
        booking.release(7).run();
        assertEquals(0, booked());
    }

    @Test
    void shouldNeverBookLessThanIsHeldNorAStepMore() {
        booking.bookIn(budget.account());
        var random = new Random(7);
        long held = 0;
        for (int i = 0; i < 10_000; i++) {
            long bytes = random.nextLong(3 * STEP);
            if (random.nextBoolean()) {
                booking.take(bytes);
                held += bytes;
            } else {
                long fewer = Math.min(bytes, held);
                booking.release(fewer).run();
                held -= fewer;
            }
            assertTrue(held <= booked() && booked() < held + STEP, held + " " + booked());
        }
    }
}
