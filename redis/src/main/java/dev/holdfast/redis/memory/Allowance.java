package dev.holdfast.redis.memory;

import dev.holdfast.base.HeapRoom;
import dev.holdfast.redis.resp.RespError;
import java.util.concurrent.atomic.AtomicLong;

/// What all runs together may hold in memory of what they read and of what they want written.
/// Thread-safe.
///
/// Invariant: the shares that are open have claimed no more than the bound. Nobody waits for it:
/// who would hold too much is refused, and nothing of the run is done.
public final class Allowance {
    /// Whoever has the process for himself.
    public static final Allowance UNBOUNDED = new Allowance(Long.MAX_VALUE);

    private static final long FREE_BYTES = 64 * 1024;
    private static final long STEP_BYTES = 256 * 1024;

    private final long bytesMax;
    private final AtomicLong claimed = new AtomicLong();

    public Allowance(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// A quarter of the room in the heap.
    public static Allowance ofHeap() {
        return new Allowance(HeapRoom.bytes() / 4);
    }

    /// The share of one run. To be closed.
    public Share share() {
        return new Share();
    }

    /// How much is claimed.
    public long claimed() {
        return claimed.get();
    }

    private void claim(long bytes) {
        if (claimed.addAndGet(bytes) <= bytesMax) return;
        claimed.addAndGet(-bytes);
        throw new RespError(
                RespError.OUT_OF_MEMORY
                        + "command would hold more than fits into memory, nothing was done. Ask for"
                        + " less at a time");
    }

    /// What one run holds. The first bytes are free, so that small runs do not meet here. Not
    /// thread-safe.
    public final class Share implements AutoCloseable {
        private long held;
        private long mine;

        private Share() {}

        /// Notes that so many bytes more are held. An error if that is too much; those do not
        /// count.
        public void hold(long bytes) {
            long more = held + bytes - FREE_BYTES - mine;
            if (0 < more) {
                long step = Math.max(more, STEP_BYTES);
                claim(step);
                mine += step;
            }
            held += bytes;
        }

        /// How many bytes are held.
        public long held() {
            return held;
        }

        /// Notes that so many bytes of those are held no more.
        public void release(long bytes) {
            held -= bytes;
        }

        /// Gives back all that was claimed.
        @Override
        public void close() {
            claimed.addAndGet(-mine);
            mine = 0;
        }
    }
}
