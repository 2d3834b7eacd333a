package dev.holdfast.lifecycle.signal;

import dev.holdfast.base.Adapter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Ends the process, with last words on standard error.
///
/// Everything is made ready beforehand: the words are bytes, the descriptor is open, and a thread
/// waits to write, because a reader of standard error that hangs must not keep the process alive.
@Adapter("ends the process, writes to standard error, owns a platform thread")
public final class Halter {
    private static final long WRITE_NANOS_MAX = 200_000_000L;
    private static final long LOOK_NANOS = 5_000_000L;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);
    private final AtomicReference<byte[]> toWrite = new AtomicReference<>(new byte[0]);
    private final Thread writer;
    private volatile boolean isWritten;

    private Halter() {
        writer = Thread.ofPlatform().daemon().name("last-words").unstarted(this::write);
    }

    /// A halter with its thread running.
    public static Halter ready() {
        Halter halter = new Halter();
        halter.writer.start();
        return halter;
    }

    private void write() {
        while (toWrite.get().length == 0) LockSupport.park(this);
        try {
            out.write(toWrite.get());
        } catch (IOException nobodyReads) {
            return;
        } finally {
            isWritten = true;
        }
    }

    /// Ends the process with `code`, at most a moment after `lastWords` are written. Takes no lock.
    public void halt(int code, byte[] lastWords) {
        toWrite.set(lastWords);
        LockSupport.unpark(writer);
        long from = System.nanoTime();
        while (0 < lastWords.length && !isWritten && System.nanoTime() - from < WRITE_NANOS_MAX) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Runtime.getRuntime().halt(code);
    }
}
