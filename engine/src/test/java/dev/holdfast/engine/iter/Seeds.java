package dev.holdfast.engine.iter;

import java.util.stream.LongStream;

/// Seeds of property tests: a few fresh ones, or the one of `-Dtest.seed`. A failure names its
/// seed.
public final class Seeds {
    private Seeds() {}

    public static LongStream fresh(int count) {
        Long one = Long.getLong("test.seed");
        if (one != null) return LongStream.of(one);
        return LongStream.generate(
                        () -> java.util.concurrent.ThreadLocalRandom.current().nextLong())
                .limit(count);
    }
}
