package dev.holdfast.redis.waiting;

import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.WaitingCommand.Patience;
import dev.holdfast.redis.signal.DbKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A call that waits for keys, until it is served, its time is up, or somebody sends it away.
///
/// ```
/// WAITING --claim--> CLAIMED --deliver--> OVER
///    ^                  |
///    +----- release ----+          WAITING --end--> OVER
/// ```
///
/// A run that may serve it claims it first, so that no two do; whether the run commits decides what
/// becomes of it. Thread-safe.
public final class Waiter implements Session.Block {
    private final WaitingRoom room;
    private final Session session;
    private final WaitingCommand command;
    private final List<DbKey> keys;
    private final long untilNanos;
    private final boolean isEndless;

    // guarded by this; nothing is waited for under it
    private State state = State.WAITING;
    private @Nullable Reply reply;
    private long seq;
    private @Nullable Reply lastWord; // what ends it should the run that has it not serve it
    private final Set<DbKey> passedOver = new HashSet<>();

    private enum State {
        WAITING,
        CLAIMED,
        OVER
    }

    Waiter(WaitingRoom room, Session session, WaitingCommand command, Patience patience) {
        this.room = room;
        this.session = session;
        this.command = command;
        int database = session.database();
        this.keys =
                patience.keys().stream().distinct().map(key -> new DbKey(database, key)).toList();
        this.isEndless = patience.millis() == 0;
        this.untilNanos = room.nanosAfter(patience.millis());
    }

    /// What it asks for.
    WaitingCommand command() {
        return command;
    }

    /// The keys that it waits for.
    public List<DbKey> keys() {
        return keys;
    }

    @Override
    public long nanosLeft(long nowNanos) {
        return isEndless ? Long.MAX_VALUE : Math.max(0, untilNanos - nowNanos);
    }

    @Override
    public synchronized boolean isOver() {
        return state == State.OVER;
    }

    @Override
    public synchronized Reply reply() {
        if (reply == null) throw new AssertionError("nothing was answered yet");
        return reply;
    }

    @Override
    public synchronized long seq() {
        return seq;
    }

    @Override
    public boolean expire() {
        return end(command.nothing());
    }

    @Override
    public boolean end(Reply answer) {
        synchronized (this) {
            if (state == State.CLAIMED) lastWord = answer;
            if (state != State.WAITING) return false;
            state = State.OVER;
            reply = answer;
        }
        room.remove(this);
        session.peer().wake();
        return true;
    }

    /// Reserves it for a run that looks at `key`. If another run has it, it notes that it was
    /// passed over there.
    synchronized boolean claim(DbKey key) {
        if (state == State.CLAIMED) passedOver.add(key);
        if (state != State.WAITING) return false;
        state = State.CLAIMED;
        return true;
    }

    /// It goes on waiting; returns the keys at which it was passed over meanwhile.
    List<DbKey> release() {
        List<DbKey> missed;
        Reply ends;
        synchronized (this) {
            state = State.WAITING;
            ends = lastWord;
            missed = new ArrayList<>(passedOver);
            passedOver.clear();
        }
        if (ends == null) return missed;
        end(ends);
        return List.of();
    }

    /// Gives it what the run that had claimed it found.
    void deliver(Reply answer, long seq) {
        synchronized (this) {
            state = State.OVER;
            this.reply = answer;
            this.seq = seq;
        }
        room.remove(this);
        session.peer().wake();
    }
}
