package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.redis.resp.RespError;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who stands in line for keys.
@Timeout(60)
class StripesTest {
    private final Stripes stripes = new Stripes();

    @Test
    void shouldStopWaitingWhenThereIsAReasonNotToWait() throws Exception {
        var asked = new AtomicInteger();
        try (var _ = stripes.lock(stripes(1, 2), () -> "BUSY")) {
            var waiter =
                    CompletableFuture.supplyAsync(
                            () -> waitFor(() -> asked.getAndIncrement() < 2 ? null : "BUSY no"));

            assertEquals("BUSY no", waiter.get(30, TimeUnit.SECONDS));
        }
        try (var _ = stripes.lock(stripes(0, 2), () -> "BUSY")) {
            assertEquals(3, asked.get());
        }
    }

    @Test
    void shouldHoldNothingWhenOneOfThemIsNotFreeSoon() throws Exception {
        try (var _ = stripes.lock(stripes(1, 2), () -> "BUSY")) {
            assertEquals(false, isLockedSoon(stripes(0, 2, 3)));

            assertEquals(true, isLockedSoon(stripes(0, 3)));
        }
        assertEquals(true, isLockedSoon(stripes(0, 2, 3)));
    }

    // By a thread of its own each time: a lock that one forgot is in the way of the next.
    private boolean isLockedSoon(BitSet wanted) throws Exception {
        var task =
                new FutureTask<>(() -> {
                    var deadline = Deadline.after(Env.system(), Duration.ofMillis(20));
                    try (var held = stripes.lockSoon(wanted, deadline)) {
                        return held != null && wanted.stream().allMatch(held::has);
                    }
                });
        Thread.ofVirtual().start(task);
        return task.get(30, TimeUnit.SECONDS);
    }

    private static BitSet stripes(int... numbers) {
        var stripes = new BitSet();
        for (int number : numbers) stripes.set(number);
        return stripes;
    }

    private String waitFor(Supplier<String> impatience) {
        return assertThrows(RespError.class, () -> stripes.lock(stripes(0, 2), impatience)).text();
    }
}
