package dev.holdfast.engine.wal;

import java.util.ArrayDeque;

/// What the object store does not have yet, in bytes and in time, by chunks of neighbouring
/// commits.
///
/// Invariant: what it says is never less than what is true: a chunk counts whole, and as old as its
/// first commit, until the object store has its last one. Where it was cut before a commit, what it
/// says of the bytes is exact once the object store has everything before that one.
///
/// Not thread-safe.
final class UnshippedBook {
    private static final long CHUNK_BYTES = 1 << 16;
    private static final long CHUNK_NANOS = 20_000_000;
    private static final int CHUNKS_MAX = 4096;

    private static final class Chunk {
        private long oldestNanos;
        private long lastSeq;
        private long bytes;

        Chunk(long atNanos) {
            oldestNanos = atNanos;
        }
    }

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long bytes;
    private boolean isCut;

    /// A commit of the time `atNanos` was logged.
    void add(long seq, long commitBytes, long atNanos) {
        Chunk last = chunks.peekLast();
        boolean isFull =
                last == null
                        || CHUNK_BYTES <= last.bytes
                        || CHUNK_NANOS <= atNanos - last.oldestNanos;
        if (last == null || isCut || (isFull && chunks.size() < CHUNKS_MAX)) {
            last = new Chunk(atNanos);
            chunks.add(last);
            isCut = false;
        }
        last.oldestNanos = Math.min(last.oldestNanos, atNanos); // clocks may go back
        last.lastSeq = seq;
        last.bytes += commitBytes;
        bytes += commitBytes;
    }

    /// The next commit begins a chunk of its own.
    void cut() {
        isCut = true;
    }

    /// The object store has everything up to `seq`.
    void shipped(long seq) {
        while (!chunks.isEmpty() && chunks.peek().lastSeq <= seq) bytes -= chunks.remove().bytes;
    }

    /// How many bytes of rows it does not have.
    long bytes() {
        return bytes;
    }

    /// How long it has been without the oldest of them; 0 if it has everything.
    long ageNanos(long nowNanos) {
        long age = 0;
        for (Chunk each : chunks) age = Math.max(age, nowNanos - each.oldestNanos);
        return age;
    }
}
