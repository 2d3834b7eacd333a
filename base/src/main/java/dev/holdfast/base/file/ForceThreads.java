package dev.holdfast.base.file;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Threads that wait for the disk in place of virtual threads.
///
/// A force is the one call that takes long, and a virtual thread would hold the core's carrier all
/// that time: a few of them would stop everything else. Their threads end when they are idle and do
/// not keep the process alive.
@Adapter("a system call that takes long is waited for by a thread of the machine's own")
final class ForceThreads {
    private static final int THREADS_MAX = 64;
    private static final int IDLE_SECONDS = 10;

    // Beyond the bound the caller waits with its own thread.
    private static final Executor THREADS =
            new ThreadPoolExecutor(
                    0,
                    THREADS_MAX,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    body -> Thread.ofPlatform().daemon().name("disk-force").unstarted(body),
                    new ThreadPoolExecutor.CallerRunsPolicy());

    private ForceThreads() {}

    /// Carries out `force`; an interrupt of the caller has no effect on it.
    static void run(Forcing force) throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            force.run();
            return;
        }
        try {
            CompletableFuture.runAsync(() -> unchecked(force), THREADS).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof UncheckedIOException unchecked)
                throw unchecked.getCause();
            throw failure;
        }
    }

    private static void unchecked(Forcing force) {
        try {
            force.run();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// One force.
    @FunctionalInterface
    interface Forcing {
        void run() throws IOException;
    }
}
