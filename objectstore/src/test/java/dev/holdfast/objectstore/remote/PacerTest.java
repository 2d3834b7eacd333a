package dev.holdfast.objectstore.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("OBJ-02")
class PacerTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Env env = new ClockOnly(nanos);

    @Test
    void shouldHalveOnceForABurstOfRefusalsAndRiseAgainOneByOne() {
        // given
        var pacer = new Pacer(16, env);
        // when
        for (int i = 0; i < 10; i++) pacer.slowedDown();
        // then
        assertEquals(8, pacer.limit());
        // when
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        pacer.slowedDown();
        // then
        assertEquals(4, pacer.limit());
        // when: about four successes for the next place, and no more than there were
        for (int i = 0; i < 5; i++) pacer.succeeded();
        assertEquals(5, pacer.limit());
        for (int i = 0; i < 1000; i++) pacer.succeeded();
        assertEquals(16, pacer.limit());
    }

    @Test
    void shouldLeaveOnePlaceHoweverOftenItIsSlowedDown() {
        var pacer = new Pacer(16, env);
        for (int i = 0; i < 10; i++) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            pacer.slowedDown();
        }
        assertEquals(1, pacer.limit());
    }

    @Test
    void shouldRefuseWhenNoPlaceComesFree() {
        // given
        var pacer = new Pacer(1, env);
        pacer.begin(Duration.ZERO);
        // then
        assertThrows(Unavailable.class, () -> pacer.begin(Duration.ZERO));
        pacer.end();
        pacer.begin(Duration.ZERO);
    }

    /// A clock that stands still between steps.
    private record ClockOnly(AtomicLong nanos) implements Env {
        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public long currentTimeMillis() {
            return nanos.get() / 1_000_000;
        }

        @Override
        public long randomLong() {
            return 0;
        }

        @Override
        public Thread start(String name, Runnable body) {
            return Thread.ofVirtual().name(name).start(body);
        }

        @Override
        public void sleep(Duration duration) {
            nanos.addAndGet(duration.toNanos());
        }
    }
}
