package dev.holdfast.engine.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.upkeep.BloomPolicy;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BloomPolicyTest {
    private static final List<PrefixExtractor> EXTRACTORS =
            List.of(
                    PrefixExtractor.fixed(1),
                    PrefixExtractor.fixed(3),
                    PrefixExtractor.until((byte) 'b'));

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    // Short keys of few letters: prefixes of each other, and many that begin alike.
    private static Bytes key(SplittableRandom random) {
        byte[] key = new byte[1 + random.nextInt(6)];
        for (int i = 0; i < key.length; i++) key[i] = (byte) ('a' + random.nextInt(4));
        return Bytes.wrap(key);
    }

    private static FilterPolicy.Filter filter(BloomPolicy policy, Iterable<Bytes> keys) {
        FilterPolicy.Maker maker = policy.maker();
        for (Bytes key : keys) maker.add(key);
        long foreseen = maker.sizeBytes();
        Bytes payload = maker.finish();
        assertEquals(foreseen, payload.length());
        return policy.read(payload);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldNeverDenyWhatIsThere(long seed) {
        var random = new SplittableRandom(seed);
        var keys = new TreeSet<Bytes>();
        for (int i = random.nextInt(60); 0 <= i; i--) keys.add(key(random));
        for (PrefixExtractor extractor : EXTRACTORS)
            for (BloomPolicy policy :
                    List.of(
                            FilterPolicy.bloom(10),
                            FilterPolicy.bloom(1).with(extractor),
                            FilterPolicy.bloom(20).over(extractor))) {
                FilterPolicy.Filter filter = filter(policy, keys);
                for (Bytes key : keys) requireAdmitted(filter, key, seed + " " + policy.name());
            }
    }

    private static void requireAdmitted(FilterPolicy.Filter filter, Bytes key, String where) {
        assertTrue(filter.mightHoldKey(key), () -> "seed " + where + " key " + key);
        for (int end = 0; end <= key.length(); end++) {
            Bytes prefix = key.slice(0, end);
            assertTrue(filter.mightHoldPrefix(prefix), () -> "seed " + where + " " + prefix);
        }
    }

    @Test
    void shouldDenyMostPrefixesThatAreNotThere() {
        var keys = new ArrayList<Bytes>();
        for (int i = 0; i < 1000; i++) keys.add(Bytes.utf8("user%04d/name".formatted(i)));
        BloomPolicy both = FilterPolicy.bloom(10).with(PrefixExtractor.fixed(8));
        FilterPolicy.Filter filter = filter(both, keys);

        int wrong = 0;
        for (int i = 0; i < 1000; i++)
            if (filter.mightHoldPrefix(Bytes.utf8("none%04d/".formatted(i)))) wrong++;

        assertTrue(wrong < 30, "admitted: " + wrong);
        assertTrue(filter.mightHoldPrefix(Bytes.utf8("none")), "too short to tell");
        assertFalse(filter.mightHoldKey(Bytes.utf8("user0001/none")));
    }

    @Test
    void shouldDenyAllWhereNoKeyHasAPrefix() {
        BloomPolicy policy = FilterPolicy.bloom(10).over(PrefixExtractor.until((byte) '/'));
        FilterPolicy.Filter filter = filter(policy, List.of(Bytes.utf8("a"), Bytes.utf8("b")));

        assertFalse(filter.mightHoldPrefix(Bytes.utf8("a/")));
        assertTrue(filter.mightHoldKey(Bytes.utf8("a")));
        assertTrue(filter.mightHoldPrefix(Bytes.utf8("a")));
    }

    @Test
    void shouldBeCalledAsOtherEnginesCallThem() {
        PrefixExtractor three = PrefixExtractor.fixed(3);
        assertEquals("_bf", FilterPolicy.bloom(10).name());
        assertEquals("_bf:p=fixed-3", FilterPolicy.bloom(10).with(three).name());
        assertEquals("_bf:p=fixed-3:wh=0", FilterPolicy.bloom(10).over(three).name());
        assertEquals(three, PrefixExtractor.parse("fixed:3"));
        assertEquals(PrefixExtractor.until((byte) ':'), PrefixExtractor.parse("until::"));
        for (byte each : new byte[] {0, ':', -1}) {
            PrefixExtractor until = PrefixExtractor.until(each);
            assertEquals(until, PrefixExtractor.named(until.name()));
        }
        for (int length : new int[] {1, 10, 0xffff}) {
            PrefixExtractor fixed = PrefixExtractor.fixed(length);
            assertEquals(fixed, PrefixExtractor.named(fixed.name()));
        }
        for (String other : List.of("fixed-0", "fixed-65536", "fixed-04", "until-2F", "days", ""))
            assertNull(PrefixExtractor.named(other), other);
        for (String wrong : List.of("fixed:", "fixed:0", "fixed:-1", "until:", "until:ab", "all"))
            assertThrows(IllegalArgumentException.class, () -> PrefixExtractor.parse(wrong));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKnowSoundExtractors(long seed) {
        var random = new SplittableRandom(seed);
        var samples = new ArrayList<Bytes>();
        for (int i = 0; i < 50; i++) samples.add(key(random));
        for (PrefixExtractor extractor : EXTRACTORS)
            PrefixExtractor.requireSound(extractor, samples);
        var samples2 = List.copyOf(samples);
        for (PrefixExtractor broken : List.of(new Whole(), new TooLong(), new UpToTheLast()))
            assertThrows(
                    AssertionError.class, () -> PrefixExtractor.requireSound(broken, samples2));
    }

    // Says of all keys with a beginning what is true of one.
    private record Whole() implements PrefixExtractor {
        @Override
        public String name() {
            return "whole";
        }

        @Override
        public int lengthIn(Bytes key) {
            return key.length();
        }

        @Override
        public int lengthInAll(Bytes beginning) {
            return beginning.length();
        }
    }

    private record TooLong() implements PrefixExtractor {
        @Override
        public String name() {
            return "too-long";
        }

        @Override
        public int lengthIn(Bytes key) {
            return 100;
        }

        @Override
        public int lengthInAll(Bytes beginning) {
            return NONE;
        }
    }

    // What comes behind changes it.
    private record UpToTheLast() implements PrefixExtractor {
        @Override
        public String name() {
            return "up-to-the-last";
        }

        @Override
        public int lengthIn(Bytes key) {
            int length = NONE;
            for (int i = 0; i < key.length(); i++) if (key.at(i) == 'a') length = i + 1;
            return length;
        }

        @Override
        public int lengthInAll(Bytes beginning) {
            return lengthIn(beginning);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldSeeWhatTheKeysOfARangeBeginWith(long seed) {
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            Bytes prefix = key(random);
            assertEquals(prefix, KeyRange.prefix(prefix).sharedPrefix());
            KeyRange any = new KeyRange(key(random), key(random));
            Bytes shared = any.sharedPrefix();
            for (int i = 0; i < 20; i++) {
                Bytes key = key(random);
                if (any.contains(key))
                    assertTrue(key.startsWith(shared), () -> "seed " + seed + " " + any);
            }
        }
        for (int last : new int[] {0, 0x7f, 0x80, 0xfe}) {
            Bytes prefix = Bytes.wrap(new byte[] {7, (byte) last, -1, -1});
            assertEquals(prefix, KeyRange.prefix(prefix).sharedPrefix());
        }
        assertEquals(Bytes.EMPTY, KeyRange.all().sharedPrefix());
        assertEquals(Bytes.EMPTY, KeyRange.from(Bytes.utf8("a")).sharedPrefix());
    }
}
