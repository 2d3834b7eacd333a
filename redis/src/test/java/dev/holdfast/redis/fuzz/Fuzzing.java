package dev.holdfast.redis.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Tries a target with input after input, each mutated from one that behaved in a way that no input
/// before it did: so the inputs work their way inwards.
///
/// A find is whatever the target throws, more memory than its inputs can explain, or more time than
/// any of them may take; it names the input.
public final class Fuzzing {
    private static final int CORPUS_MAX = 5_000;
    private static final int BEHAVIOURS_MAX = 200_000;
    private static final int INPUT_BYTES_MAX = 16_384;
    private static final int SHOWN_BYTES_MAX = 4_096;
    private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(20); // of a processor

    private final Target target;
    private final List<byte[]> corpus = new ArrayList<>();
    private final Set<Integer> behaviours = new HashSet<>();
    private final Random random;
    private final long seed;
    private long cases;
    private long slowest;
    private long largest;

    /// What is fuzzed.
    public interface Target {
        /// What it is called.
        String name();

        /// Inputs to begin with.
        List<byte[]> first();

        /// Bytes that mean something to it.
        List<byte[]> tokens();

        /// The most bytes that an input of `length` bytes may have the thread allocate.
        long allocatedMax(int length);

        /// Takes an input, and says how: the same for inputs that took the same way. Throws what is
        /// a find.
        String behaviour(byte[] input);
    }

    public Fuzzing(Target target, long seed) {
        this.target = target;
        this.seed = seed;
        random = new Random(seed);
        corpus.addAll(target.first());
    }

    /// Tries `count` inputs.
    public void rounds(int count) {
        if (cases == 0) for (byte[] each : List.copyOf(corpus)) run(each);
        for (int i = 0; i < count; i++) run(mutated());
    }

    /// Tries inputs for so many seconds.
    public void seconds(long seconds) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)) rounds(1_000);
    }

    private void run(byte[] input) {
        long began = threads().getCurrentThreadCpuTime();
        long before = allocated();
        String behaviour;
        try {
            behaviour = target.behaviour(input);
        } catch (RuntimeException | Error find) {
            throw new AssertionError(shown(input), find);
        }
        long taken = allocated() - before;
        long nanos = threads().getCurrentThreadCpuTime() - began;
        cases++;
        slowest = Math.max(slowest, nanos);
        largest = Math.max(largest, taken);
        if (target.allocatedMax(input.length) < taken)
            throw new AssertionError("allocated " + taken + " bytes for " + shown(input));
        if (NANOS_MAX < nanos)
            throw new AssertionError("took " + nanos / 1_000_000 + " ms for " + shown(input));
        boolean isNew = behaviours.size() < BEHAVIOURS_MAX && behaviours.add(behaviour.hashCode());
        if (isNew) keep(input);
    }

    private static long allocated() {
        return threads().getCurrentThreadAllocatedBytes();
    }

    private static ThreadMXBean threads() {
        return (ThreadMXBean) ManagementFactory.getThreadMXBean();
    }

    private void keep(byte[] input) {
        if (corpus.size() < CORPUS_MAX) corpus.add(input);
        else corpus.set(random.nextInt(CORPUS_MAX), input);
    }

    private String shown(byte[] input) {
        byte[] shown = Arrays.copyOf(input, Math.min(input.length, SHOWN_BYTES_MAX));
        return target.name()
                + ", fuzz.seed="
                + seed
                + ", input of "
                + input.length
                + " bytes: "
                + HexFormat.of().formatHex(shown);
    }

    private byte[] mutated() {
        byte[] next = corpus.get(random.nextInt(corpus.size()));
        for (int i = random.nextInt(5); 0 <= i; i--) next = mutatedOnce(next);
        return next.length <= INPUT_BYTES_MAX ? next : Arrays.copyOf(next, INPUT_BYTES_MAX);
    }

    private byte[] mutatedOnce(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int until = Math.min(bytes.length, at + random.nextInt(1 << random.nextInt(10)));
        return switch (random.nextInt(9)) {
            case 0 -> spliced(bytes, at, at, one(random.nextInt(256)));
            case 1 -> spliced(bytes, at, Math.min(bytes.length, at + 1), one(random.nextInt(256)));
            case 2 -> spliced(bytes, at, until, new byte[0]);
            case 3 -> Arrays.copyOf(bytes, at);
            case 4, 5 -> spliced(bytes, at, random.nextBoolean() ? at : until, token());
            case 6 -> spliced(bytes, at, at, part(bytes));
            case 7 -> spliced(bytes, at, until, part(corpus.get(random.nextInt(corpus.size()))));
            default -> nudged(bytes, at);
        };
    }

    private byte[] nudged(byte[] bytes, int at) {
        byte[] next = bytes.clone();
        if (at < next.length) next[at] += (byte) (random.nextBoolean() ? 1 : -1);
        return next;
    }

    private byte[] token() {
        List<byte[]> tokens = target.tokens();
        return tokens.get(random.nextInt(tokens.size()));
    }

    private byte[] part(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int length = random.nextInt(1 << random.nextInt(12));
        return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
    }

    private static byte[] one(int value) {
        return new byte[] {(byte) value};
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        byte[] next = new byte[from + between.length + bytes.length - to];
        System.arraycopy(bytes, 0, next, 0, from);
        System.arraycopy(between, 0, next, from, between.length);
        System.arraycopy(bytes, to, next, from + between.length, bytes.length - to);
        return next;
    }

    /// How many inputs were tried.
    public long cases() {
        return cases;
    }

    /// In how many ways they behaved.
    public int behaviours() {
        return behaviours.size();
    }

    /// What was tried and found, in one line.
    public String report(long seconds) {
        return String.format(
                Locale.ROOT,
                "fuzz %s: %,d inputs in %,d s from seed %d, %,d kinds of behaviour, at most %,d"
                        + " bytes and %,d ms for one, 0 finds",
                target.name(),
                cases,
                seconds,
                seed,
                behaviours.size(),
                largest,
                slowest / 1_000_000);
    }
}
