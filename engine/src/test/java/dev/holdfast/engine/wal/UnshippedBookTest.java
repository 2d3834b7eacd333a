package dev.holdfast.engine.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class UnshippedBookTest {
    private record Commit(long seq, long bytes, long nanos) {}

    private final UnshippedBook book = new UnshippedBook();

    @RepeatedTest(20)
    void shouldNeverSayLessThanTheTruth(RepetitionInfo repetition) {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        var truth = new ArrayDeque<Commit>();
        long now = 0;
        long seq = 0;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(10_000_000);
            if (random.nextInt(3) != 0) {
                var commit = new Commit(++seq, random.nextInt(20_000), now);
                truth.add(commit);
                book.add(commit.seq, commit.bytes, now);
            } else if (!truth.isEmpty()) {
                long shipped = truth.peek().seq + random.nextInt(truth.size());
                while (!truth.isEmpty() && truth.peek().seq <= shipped) truth.remove();
                book.shipped(shipped);
            }
            long bytes = truth.stream().mapToLong(Commit::bytes).sum();
            long age = truth.isEmpty() ? 0 : now - truth.peek().nanos;
            assertTrue(bytes <= book.bytes(), "seed=" + repetition.getCurrentRepetition());
            assertTrue(age <= book.ageNanos(now), "seed=" + repetition.getCurrentRepetition());
        }
        book.shipped(seq);
        assertEquals(0, book.bytes());
        assertEquals(0, book.ageNanos(now));
    }

    @Test
    void shouldBeExactWhereItWasCut() {
        for (int i = 1; i <= 10_000; i++) {
            if (i % 7 == 1) book.cut();
            book.add(i, i, 0);
        }

        for (int i = 7; i < 10_000; i += 7) {
            book.shipped(i);
            assertEquals(10_000L * 10_001 / 2 - (long) i * (i + 1) / 2, book.bytes());
        }
    }

    @Test
    void shouldNotForgetTheOldestHoweverLongNothingIsShipped() {
        for (int i = 1; i <= 100_000; i++) book.add(i, 1, i * 1_000_000_000L);

        assertEquals(100_000, book.bytes());
        assertEquals(99_999 * 1_000_000_000L, book.ageNanos(100_000 * 1_000_000_000L));
    }
}
