package dev.holdfast.bench.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.bench.redis.Load.Found;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a comparison with Redis is asked, and how it sums up.
class RedisBenchTest {
    private static final Path HOME = Path.of("/home");

    @Test
    void shouldTakeWhatItIsAsked() {
        RedisOptions options =
                RedisOptions.parse(
                        List.of("--rounds", "2", "--requests", "10", "--tests", "set,get"), HOME);
        assertEquals(2, options.rounds());
        assertEquals(10, options.requests());
        assertEquals(List.of("set", "get"), options.tests());
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        for (List<String> wrong :
                List.of(
                        List.of("--rounds"),
                        List.of("--rounds", "0"),
                        List.of("--requests", "-1"),
                        List.of("--depth", "3")))
            assertThrows(
                    IllegalArgumentException.class,
                    () -> RedisOptions.parse(wrong, HOME),
                    wrong.toString());
    }

    @Test
    void shouldTakeTheMedianOfAllRounds() {
        List<Found> all = List.of(found(3), found(1), found(2));
        assertEquals(2, RedisBench.median(all, Found::rate));
        assertEquals(2.5, RedisBench.median(List.of(found(2), found(3)), Found::rate));
    }

    private static Found found(double rate) {
        return new Found(rate, 1, 1, 1);
    }
}
