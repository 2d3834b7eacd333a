package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.redis.resp.RespError;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
        try (var _ = stripes.lock(Set.of(1, 2), () -> "BUSY")) {
            var waiter =
                    CompletableFuture.supplyAsync(
                            () -> waitFor(() -> asked.getAndIncrement() < 2 ? null : "BUSY no"));

            assertEquals("BUSY no", waiter.get(30, TimeUnit.SECONDS));
        }
        try (var _ = stripes.lock(Set.of(0, 2), () -> "BUSY")) {
            assertEquals(3, asked.get());
        }
    }

    private String waitFor(Supplier<String> impatience) {
        return assertThrows(RespError.class, () -> stripes.lock(Set.of(0, 2), impatience)).text();
    }
}
