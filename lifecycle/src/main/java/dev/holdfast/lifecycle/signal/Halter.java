package dev.holdfast.lifecycle.signal;

import dev.holdfast.base.Adapter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Ends the process, with last words on standard error and wherever else they are wanted.
///
/// Everything is made ready beforehand: the words are bytes, the descriptors are open, and a thread
/// for each waits to write, because a reader that hangs must not keep the process alive.
@Adapter("ends the process, writes to standard error")
public final class Halter {
    private static final long WRITE_NANOS_MAX = 200_000_000L;
    private static final long LOOK_NANOS = 5_000_000L;

    private final List<Errand<byte[]>> writers = new CopyOnWriteArrayList<>();

    private final AtomicBoolean isHalting = new AtomicBoolean();

    private Halter() {}

    /// A halter that writes to standard error.
    public static Halter ready() {
        Halter halter = new Halter();
        halter.alsoTo(new FileOutputStream(FileDescriptor.err));
        return halter;
    }

    /// Has last words go to `out` as well.
    public void alsoTo(FileOutputStream out) {
        writers.add(Errand.ready("last-words", words -> write(out, words)));
    }

    private static void write(FileOutputStream out, byte[] words) {
        try {
            out.write(words);
        } catch (IOException nobodyReads) {
            throw new UncheckedIOException(nobodyReads);
        }
    }

    /// Ends the process with `code`, at most a moment after `lastWords` are written. Takes no lock.
    public void halt(int code, byte[] lastWords) {
        try {
            // Who comes second lets the first one end the process, so that code and words agree.
            if (!isHalting.compareAndSet(false, true)) LockSupport.parkNanos(2 * WRITE_NANOS_MAX);
            else if (0 < lastWords.length) say(lastWords);
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }

    private void say(byte[] lastWords) {
        for (int i = 0; i < writers.size(); i++)
            writers.get(i).send(lastWords); // allocates nothing
        awaitAll(writers, WRITE_NANOS_MAX);
    }

    /// Waits until all errands are back, but not longer than `nanosMax`.
    public static void awaitAll(List<? extends Errand<?>> errands, long nanosMax) {
        long from = System.nanoTime();
        for (int i = 0; i < errands.size(); i++) {
            Errand<?> errand = errands.get(i);
            while (!errand.isSettled() && System.nanoTime() - from < nanosMax) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }
}
