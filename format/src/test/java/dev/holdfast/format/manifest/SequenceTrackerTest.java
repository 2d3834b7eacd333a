package dev.holdfast.format.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.Rows;
import dev.holdfast.format.wire.ByteReader;
import dev.holdfast.format.wire.FormatException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceTrackerTest {
    static LongStream seeds() {
        return Rows.seeds(50);
    }

    @Test
    void shouldTakeAtMostOnePairAMinute() {
        SequenceTracker tracker =
                SequenceTracker.empty()
                        .add(1, 1000)
                        .add(2, 1059)
                        .add(3, 1060)
                        .add(3, 2000)
                        .add(4, 900);

        assertEquals("[1@1000, 3@1060]", tracker.toString());
    }

    @Test
    void shouldKeepEverySecondPairWhenItIsFull() {
        SequenceTracker tracker = SequenceTracker.empty();
        for (int i = 0; i < SequenceTracker.PAIRS_MAX; i++) tracker = tracker.add(1 + i, 60L * i);
        assertEquals(SequenceTracker.PAIRS_MAX, tracker.count());

        SequenceTracker next = tracker.add(100_000, 1_000_000);

        assertEquals(SequenceTracker.PAIRS_MAX / 2 + 1, next.count());
        assertEquals(1, next.seq(0));
        assertEquals(3, next.seq(1));
        assertEquals(100_000, next.seq(next.count() - 1));
        assertEquals(next, SequenceTracker.decode(next.encode()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldGiveBackTheNumbersWhateverTheirSteps(long seed) {
        var random = new SplittableRandom(seed);
        int[] steps = {1, 60, 70, 300, 3000, 1 << 29};
        for (int count : new int[] {0, 1, 2, 3, 100}) {
            long[] numbers = new long[count];
            long number = random.nextLong() >>> 1 >>> random.nextInt(40);
            for (int i = 0; i < count; i++) {
                numbers[i] = number;
                number += random.nextInt(steps[random.nextInt(steps.length)]);
            }
            Bytes encoded = Gorilla.encode(numbers);

            var in = new ByteReader(encoded, "numbers");
            long[] decoded = Gorilla.decode(in, count, Integer.SIZE);

            assertArrayEquals(numbers, decoded);
            in.expectEnd();
        }
    }

    @Test
    void shouldWriteEachFormAtItsLimits() {
        long[] changes = {0, 63, -63, 64, -64, 255, -255, 256, -256, 2047, -2047, 2048, -2048};
        long[] numbers = new long[changes.length + 1];
        long difference = 0;
        for (int i = 0; i < changes.length; i++) {
            difference += changes[i];
            numbers[i + 1] = numbers[i] + difference;
        }

        Bytes encoded = Gorilla.encode(numbers);

        assertArrayEquals(
                numbers,
                Gorilla.decode(new ByteReader(encoded, "numbers"), numbers.length, Integer.SIZE));
        int bits = 32 + 64 + 1 + 2 * 9 + 4 * 12 + 4 * 16 + 2 * 36;
        assertEquals((bits + 7) / 8, encoded.length());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldThrowNothingElseWhenItIsDamaged(long seed) {
        var random = new SplittableRandom(seed);
        SequenceTracker tracker = SequenceTracker.empty();
        for (int i = 0; i < 30; i++) tracker = tracker.add(1 + 100 * i, 60L * i * i);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = tracker.encode().toArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length);
            try {
                SequenceTracker.decode(Bytes.wrap(bytes, 0, length));
            } catch (FormatException expected) {
                assertEquals(FormatException.class, expected.getClass());
            }
        }
    }

    @Test
    void shouldRefuseCutsAndLeftovers() {
        Bytes sound = SequenceTracker.empty().add(1, 1).add(100, 100).encode();
        for (int length = 0; length < sound.length(); length++) {
            Bytes cut = sound.slice(0, length);
            assertThrows(FormatException.class, () -> SequenceTracker.decode(cut));
        }
        byte[] longer = Arrays.copyOf(sound.toArray(), sound.length() + 1);
        assertThrows(FormatException.class, () -> SequenceTracker.decode(Bytes.wrap(longer)));
    }

    @Test
    void shouldLetGoOfWhatLiesBeforeALeapThatCannotBeWritten() {
        SequenceTracker tracker = SequenceTracker.empty().add(1, 0).add(2, 60).add(3, 120);
        SequenceTracker leapt = tracker.add(1L << 40, 180);
        assertEquals(1L << 40, leapt.seq(leapt.count() - 1));
        assertEquals(leapt, SequenceTracker.decode(leapt.encode()));
        SequenceTracker next = leapt.add((1L << 40) + 5, 240);
        assertEquals(next, SequenceTracker.decode(next.encode()));
        assertEquals((1L << 40) + 5, next.seq(next.count() - 1));
    }

    @Test
    void shouldTellALeapThatAnotherEngineHasCutOff() {
        // 10, 10 + 2^31 and 5 more: changes of 2^31 and 5 - 2^31, as 32 bits
        String cut =
                "0103000000"
                        + "00000003000000000000000af80000000f80000005"
                        + "0000000300000000000000009e00";
        SequenceTracker tracker = SequenceTracker.decode(Bytes.wrap(HexFormat.of().parseHex(cut)));
        assertEquals("[10@0, 2147483658@60, 2147483663@120]", tracker.toString());
        assertEquals("[2147483663@120]", SequenceTracker.decode(tracker.encode()).toString());
    }

    @Test
    void shouldReadTheWideFormToo() {
        // version 2, two pairs: 1 and 1 + 2^40, 0 and 60
        String wide =
                "0202000000"
                        + "000000020000000000000001f00000100000000000"
                        + "0000000200000000000000009e00";
        SequenceTracker tracker = SequenceTracker.decode(Bytes.wrap(HexFormat.of().parseHex(wide)));
        assertEquals("[1@0, 1099511627777@60]", tracker.toString());
        assertEquals("[1099511627777@60]", SequenceTracker.decode(tracker.encode()).toString());
    }
}
