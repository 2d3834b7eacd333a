package dev.holdfast.format.damage;

import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Flips and cuts of one file, each read by the reader of its kind, which must throw a
/// [FormatException] and nothing else, without asking for much memory.
final class Damage {
    private static final long ALLOCATION_MAX = 64L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String what;
    private final Bytes file;
    private final Consumer<Bytes> reader;
    private final long seed;
    private final SplittableRandom random;
    private long attempts;

    Damage(String what, Bytes file, Consumer<Bytes> reader, long seed) {
        this.what = what;
        this.file = file;
        this.reader = reader;
        this.seed = seed;
        random = new SplittableRandom(seed);
    }

    /// A reader's answer to damaged bytes that it did not refuse: nothing may be read.
    static final BiConsumer<Integer, Bytes> NOTHING = (at, bytes) -> fail("read as if sound");

    /// Flips bits of every byte, or of `max` bytes drawn by the seed where there are more.
    /// `accepted` judges what was read without complaint, given where the flip was.
    void flip(int max, BiConsumer<Integer, Bytes> accepted) {
        boolean isWhole = file.length() <= max;
        for (int i = 0; i < Math.min(max, file.length()); i++) {
            int at = isWhole ? i : random.nextInt(file.length());
            byte[] damaged = file.toArray();
            damaged[at] ^= (byte) (1 + random.nextInt(255));
            attempt(Bytes.wrap(damaged), at, accepted, "flip at " + at);
        }
    }

    /// Cuts the file to the given lengths, and to `count` lengths drawn by the seed, or to every
    /// length where there are fewer.
    void cut(Collection<Integer> lengths, int count) {
        cut(lengths, count, file.length());
    }

    /// The same below `end`.
    void cut(Collection<Integer> lengths, int count, int end) {
        var all = new TreeSet<>(lengths);
        if (end <= count) for (int i = 0; i < end; i++) all.add(i);
        else for (int i = 0; i < count; i++) all.add(random.nextInt(end));
        for (int length : all) attempt(file.slice(0, length), length, NOTHING, "cut to " + length);
    }

    /// Reads the file as it was given, whatever becomes of it.
    void readAsItIs() {
        attempt(file, 0, (at, bytes) -> {}, "as it is");
    }

    /// How many flips and cuts were read so far.
    long attempts() {
        return attempts;
    }

    private void attempt(Bytes damaged, int at, BiConsumer<Integer, Bytes> accepted, String how) {
        attempts++;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reader.accept(damaged);
            accepted.accept(at, damaged);
        } catch (FormatException expected) {
            if (expected.getMessage().isBlank()) fail("a failure that says nothing");
        } catch (AssertionError | RuntimeException other) {
            throw new AssertionError(what + ": " + how + ", format.seed=" + seed, other);
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (ALLOCATION_MAX < allocated)
            fail(what + ": " + how + " allocated " + allocated + ", format.seed=" + seed);
    }
}
