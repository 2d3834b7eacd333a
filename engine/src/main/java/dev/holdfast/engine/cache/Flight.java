package dev.holdfast.engine.cache;

import dev.holdfast.engine.api.StorageException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A value on its way: one thread loads it, others wait for that one.
final class Flight<V> {
    // Far above what any store takes for a block; the load itself is bounded by the store.
    private static final long WAIT_SECONDS_MAX = 120;

    private final CompletableFuture<@Nullable V> landing = new CompletableFuture<>();

    void land(@Nullable V value) {
        landing.complete(value);
    }

    void fail(StorageException failure) {
        landing.completeExceptionally(failure);
    }

    /// The value; null if the load ended without one and without saying why.
    @Nullable V await() {
        try {
            return landing.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof StorageException failure) throw failure;
            throw new AssertionError("a flight fails with nothing else", failed);
        } catch (TimeoutException late) {
            throw new StorageException.Unavailable("block not loaded in time", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException.Unavailable("interrupted", interrupted);
        }
    }
}
