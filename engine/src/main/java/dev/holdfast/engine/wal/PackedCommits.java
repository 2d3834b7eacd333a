package dev.holdfast.engine.wal;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import java.util.ArrayDeque;

/// Commits in their order, in few arrays: what is kept of them until somebody has time to encode
/// them.
///
/// ```
/// commit: length of its rows u32 | number u64 | time u64 | rows, as a batch has them
/// ```
///
/// Not thread-safe.
final class PackedCommits {
    private static final int HEAD_BYTES = Integer.BYTES + 2 * Long.BYTES;
    private static final int CHUNK_FIRST = 1 << 10;
    private static final int CHUNK_LARGEST = 1 << 16; // but for a commit that is larger

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();

    private static final class Chunk {
        private final byte[] bytes;
        private int end;

        Chunk(int size) {
            bytes = new byte[size];
        }

        boolean hasRoomFor(int more) {
            return more <= bytes.length - end;
        }
    }

    /// Takes one commit.
    @FunctionalInterface
    interface Sink {
        /// @param rows lie in an array that is not written any more
        void commit(Bytes rows, long seq, long createdAtMillis);
    }

    void add(Bytes rows, long seq, long createdAtMillis) {
        Chunk chunk = chunkFor(HEAD_BYTES + rows.length());
        int at = BigEndian.putU32(chunk.bytes, chunk.end, rows.length());
        at = BigEndian.putU64(chunk.bytes, at, seq);
        at = BigEndian.putU64(chunk.bytes, at, createdAtMillis);
        rows.copyTo(chunk.bytes, at);
        chunk.end = at + rows.length();
    }

    private Chunk chunkFor(int size) {
        Chunk last = chunks.peekLast();
        if (last != null && last.hasRoomFor(size)) return last;
        int usual = last == null ? CHUNK_FIRST : Math.min(CHUNK_LARGEST, 2 * last.bytes.length);
        var next = new Chunk(Math.max(usual, size));
        chunks.add(next);
        return next;
    }

    /// Hands all commits to `sink` and forgets them, each array as soon as it is done with.
    void drainTo(Sink sink) {
        for (Chunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
            for (int at = 0; at < chunk.end; ) {
                int length = BigEndian.u32(chunk.bytes, at);
                long seq = BigEndian.u64(chunk.bytes, at + Integer.BYTES);
                long millis = BigEndian.u64(chunk.bytes, at + Integer.BYTES + Long.BYTES);
                int start = at + HEAD_BYTES;
                sink.commit(Bytes.wrap(chunk.bytes, start, length), seq, millis);
                at = start + length;
            }
        }
    }

    /// Forgets all commits.
    void clear() {
        chunks.clear();
    }
}
