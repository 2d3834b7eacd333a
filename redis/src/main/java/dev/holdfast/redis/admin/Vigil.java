package dev.holdfast.redis.admin;

import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;

/// A call that waits for time to pass and for nothing else. Thread-safe.
final class Vigil implements Session.Block {
    /// So many nanoseconds that nobody lives to see their end.
    static final long ENDLESS = Long.MAX_VALUE;

    private final Session session;
    private final Reply atLast;
    private final long untilNanos;
    private final boolean isEndless;
    private volatile boolean isOver;
    private Reply reply = Reply.NONE; // guarded by this

    private Vigil(Session session, Reply atLast, long untilNanos, boolean isEndless) {
        this.session = session;
        this.atLast = atLast;
        this.untilNanos = untilNanos;
        this.isEndless = isEndless;
    }

    /// Has `session` wait from `nowNanos` on, for `nanos`, and answers `atLast` then.
    static Reply keep(Session session, Reply atLast, long nowNanos, long nanos) {
        session.blockOn(new Vigil(session, atLast, nowNanos + nanos, nanos == ENDLESS));
        return Reply.NONE;
    }

    @Override
    public long nanosLeft(long nowNanos) {
        return isEndless ? Long.MAX_VALUE : Math.max(0, untilNanos - nowNanos);
    }

    @Override
    public boolean isOver() {
        return isOver;
    }

    @Override
    public synchronized Reply reply() {
        return reply;
    }

    @Override
    public long seq() {
        return 0;
    }

    @Override
    public boolean expire() {
        return end(atLast);
    }

    @Override
    public boolean end(Reply answer) {
        synchronized (this) {
            if (isOver) return false;
            reply = answer;
            isOver = true;
        }
        session.peer().wake();
        return true;
    }
}
