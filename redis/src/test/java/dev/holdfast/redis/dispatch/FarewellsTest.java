package dev.holdfast.redis.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FarewellsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Farewells farewells = new Farewells(Env.system());

    @Test
    void shouldGrantMoreAsLongAsOthersEnd() {
        // given
        Farewells.Patience patience = farewells.of(LONG);
        Duration before = patience.get();
        // when
        farewells.of(LONG).close();
        // then
        Duration after = patience.get();
        assertTrue(before.compareTo(after) <= 0, before + " " + after);
        assertTrue(after.compareTo(LONG) <= 0, after.toString());
    }

    @Test
    void shouldNotCountWhomNobodyWaitsForAnyLonger() {
        // given
        Farewells.Patience impatient = farewells.of(Duration.ZERO);
        assertEquals(Duration.ZERO, impatient.get());
        Farewells.Patience patience = farewells.of(LONG);
        Duration before = patience.get();
        // when
        impatient.close();
        // then
        Duration after = patience.get();
        assertTrue(after.compareTo(before) <= 0, before + " " + after);
    }
}
