package dev.holdfast.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ZipfTest {
    private static final int DRAWS = 200_000;

    @Test
    void shouldDrawTheLowestTheMoreOften() {
        var zipf = new Zipf(1000);
        var counts = new int[1000];
        var random = new Drawn(1, 1L << 31);
        for (int i = 0; i < DRAWS; i++)
            counts[(int) zipf.at(random.next() / (double) (1L << 31))]++;

        double sum = 0;
        for (int i = 1; i <= 1000; i++) sum += Math.pow(i, -0.99);
        assertEquals(1 / sum, counts[0] / (double) DRAWS, 0.01);
        assertEquals(Math.pow(2, -0.99) / sum, counts[1] / (double) DRAWS, 0.01);
        assertTrue(counts[10] < counts[0] / 5 && counts[500] < counts[10]);
    }

    @Test
    void shouldStayBelowItsBound() {
        for (long below : new long[] {1, 2, 3, 1_000_000})
            for (double chance : new double[] {0, 0.3, 0.7, 0.999999999})
                assertTrue(new Zipf(below).at(chance) < below);
    }
}
