package dev.holdfast.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// What is to be sent by one event loop, in the order in which it was written.
///
/// Bounded by what the pipes of the loop may hold unsent. Thread-safe.
final class SendQueue {
    private static final int AT_ONCE_MAX = 256; // then the loop looks at its sockets

    private final EventLoop loop;
    private final Queue<Piece> pieces = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isDue = new AtomicBoolean(); // the loop has been told

    /// What was written at once to a pipe.
    private record Piece(NettyPipe pipe, ByteBuf content) {}

    SendQueue(EventLoop loop) {
        this.loop = loop;
    }

    /// Has `content` sent on `pipe` by the next [#flush].
    void add(NettyPipe pipe, ByteBuf content) {
        pieces.add(new Piece(pipe, content));
    }

    /// Sends what was added before.
    void flush() {
        // Who finds the loop told added before it looks: it says so before its first look.
        if (isDue.getAndSet(true)) return;
        try {
            loop.execute(this::send);
        } catch (RejectedExecutionException ended) {
            for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll())
                piece.pipe.couldNotSend(piece.content, ended);
        }
    }

    private void send() {
        isDue.set(false);
        try {
            for (int i = 0; i < AT_ONCE_MAX; i++) {
                Piece piece = pieces.poll();
                if (piece == null) return;
                piece.pipe.send(piece.content);
            }
        } finally {
            if (!pieces.isEmpty()) flush(); // one that breaks must not keep those of others
        }
    }
}
