package dev.holdfast.engine.transact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("transactions")
class KeyIntervalsTest {
    private static final int KEYS = 200;

    private static Bytes key(int number) {
        return Bytes.utf8("%04d".formatted(number));
    }

    private static @Nullable Bytes bound(int number) {
        return number < 0 || KEYS < number ? null : key(number);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void shouldHoldExactlyWhatWasAddedWhileThereIsRoom(long seed) {
        // given
        var chance = new SplittableRandom(seed);
        var intervals = new KeyIntervals(Long.MAX_VALUE);
        var model = new BitSet();
        // when, then
        for (int step = 0; step < 100; step++) {
            int from = chance.nextInt(-1, KEYS);
            int to = from + chance.nextInt(8) * chance.nextInt(8);
            boolean isOpen = chance.nextInt(40) == 0;
            intervals.add(bound(from), isOpen ? null : key(Math.max(0, to)));
            model.set(Math.max(0, from), isOpen ? KEYS : Math.clamp(to, Math.max(0, from), KEYS));
            for (int i = 0; i < KEYS; i++)
                assertEquals(model.get(i), intervals.contains(key(i)), "seed=" + seed + " i=" + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void shouldLackNothingWhenThereIsNoRoom(long seed) {
        // given
        var chance = new SplittableRandom(seed);
        var intervals = new KeyIntervals(1_000);
        var added = new BitSet();
        // when
        for (int step = 0; step < 300; step++) {
            int from = chance.nextInt(KEYS);
            intervals.add(key(from), key(from + 1));
            added.set(from);
            // then
            assertTrue(intervals.count() <= 8, () -> "intervals=" + intervals.count());
            for (int i = added.nextSetBit(0); 0 <= i; i = added.nextSetBit(i + 1))
                assertTrue(intervals.contains(key(i)), "seed=" + seed + " lacks " + i);
        }
    }

    @Test
    void shouldJoinWhatTouchesAndNothingElse() {
        var intervals = new KeyIntervals(Long.MAX_VALUE);
        intervals.add(key(1), key(2));
        intervals.add(key(2), key(3));
        intervals.add(key(5), key(5));
        assertEquals(1, intervals.count());
        assertFalse(intervals.contains(key(3)));
        assertFalse(intervals.contains(key(5)));
    }
}
