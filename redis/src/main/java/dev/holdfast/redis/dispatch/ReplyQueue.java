package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.net.BytePipe;
import dev.holdfast.net.FlushGroup;
import dev.holdfast.net.PipeException;
import dev.holdfast.redis.server.ServerConfig;
import dev.holdfast.redis.server.ServerStats;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The replies of one connection on their way out, one turn after another.
///
/// Invariants:
/// 1. Replies go out in the order in which they were submitted.
/// 2. No byte of a turn goes out before everything that the turn observed is durable.
/// 3. What waits is bounded, in turns and in bytes: whoever submits more waits.
///
/// One thread submits. A turn that is durable already goes out on that thread; others go out by
/// [DeferredReplies], so that the next commands run meanwhile, or by a thread of their own once the
/// client does not take them at once.
final class ReplyQueue {
    private static final int TURNS_MAX = 64;
    private static final long BYTES_MAX = 4L * 1024 * 1024;

    private final String name;
    private final BytePipe pipe;
    private final Durables durables;
    private final ServerConfig config;
    private final ServerStats stats;
    private final Entrance entrance;
    private final DeferredReplies deferred;

    private final AtomicLong takingNanos = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint room;
    private final WaitPoint allSent;

    // guarded by lock
    private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean isSending;
    private @Nullable PipeException failure;

    /// @param who the client, in reports
    ReplyQueue(
            BytePipe pipe,
            Services services,
            Entrance entrance,
            DeferredReplies deferred,
            String who) {
        this.pipe = pipe;
        this.deferred = deferred;
        this.durables = services.durables();
        this.config = services.parts().config();
        this.stats = services.parts().stats();
        this.entrance = entrance;
        this.name = "replies to " + who;
        this.room = new WaitPoint(lock, WaitKind.CAPACITY, "room for " + name, name);
        this.allSent = new WaitPoint(lock, WaitKind.DURABILITY, name + " to be sent", name);
    }

    /// What replies tell of.
    ///
    /// @param seq the highest sequence number, 0 for nothing that a crash could take back
    /// @param asked the durability that the client asked for; null if it left that to the server
    record Told(long seq, @Nullable Durability asked) {
        static final Told NOTHING = new Told(0, null);
    }

    /// Replies that belong together, and what they tell of.
    private record Turn(List<Bytes> segments, long bytes, Told told) {}

    /// Sends `segments` after all that was submitted before, once what they tell of is durable.
    /// Throws if the connection has failed meanwhile.
    void submit(List<Bytes> segments, Told told) throws PipeException, InterruptedException {
        if (segments.isEmpty() && told.seq == 0) return;
        long bytes = 0;
        for (Bytes segment : segments) bytes += segment.length();
        if (mayGoNow(told)) {
            send(segments, bytes);
            return;
        }
        enqueue(new Turn(segments, bytes, told));
    }

    /// Like [#submit], but only if that need not wait; false if it would, and nothing is submitted
    /// then. What may go at once goes with `group`.
    boolean submitAtOnce(List<Bytes> segments, Told told, FlushGroup group) throws PipeException {
        if (segments.isEmpty() && told.seq == 0) return true;
        long bytes = 0;
        for (Bytes segment : segments) bytes += segment.length();
        if (mayGoNow(told)) {
            if (!pipe.writeAtOnce(segments, group)) return false;
            stats.sent(bytes);
            return true;
        }
        var turn = new Turn(segments, bytes, told);
        boolean starts;
        lock.lock();
        try {
            if (failure != null) throw failure;
            if (isFull()) return false;
            starts = add(turn);
        } finally {
            lock.unlock();
        }
        if (starts) deferred.join(this, durables.level(told.asked), told.seq);
        durables.hasten(told.seq, told.asked);
        return true;
    }

    /// How many bytes wait here.
    long bytes() {
        lock.lock();
        try {
            return waitingBytes;
        } finally {
            lock.unlock();
        }
    }

    /// How long it took so far to hand over what was sent: what the client makes this side wait.
    long takingNanos() {
        return takingNanos.get();
    }

    /// Waits until everything that was submitted is sent, at most `timeout`. True if it is.
    boolean awaitEmpty(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(entrance.env(), timeout);
        lock.lockInterruptibly();
        try {
            allSent.await(() -> !isSending || failure != null, deadline, entrance.token());
            return !isSending && failure == null;
        } finally {
            lock.unlock();
        }
    }

    /// True if everything that was submitted is sent.
    boolean isEmpty() {
        lock.lock();
        try {
            return !isSending;
        } finally {
            lock.unlock();
        }
    }

    /// Gives up what waits: nobody will read it any more.
    void abandon() {
        fail(PipeException.Reason.CLOSED, "abandoned");
    }

    private boolean mayGoNow(Told told) throws PipeException {
        lock.lock();
        try {
            if (failure != null) throw failure;
            return !isSending && durables.reached(told.seq, told.asked);
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Turn turn) throws PipeException, InterruptedException {
        boolean starts;
        lock.lockInterruptibly();
        try {
            awaitRoom();
            starts = add(turn);
        } finally {
            lock.unlock();
        }
        if (starts) deferred.join(this, durables.level(turn.told.asked), turn.told.seq);
        durables.hasten(turn.told.seq, turn.told.asked);
    }

    // True if nobody sends yet.
    private boolean add(Turn turn) {
        waiting.add(turn);
        waitingBytes += turn.bytes;
        boolean starts = !isSending;
        isSending = true;
        return starts;
    }

    private boolean isFull() {
        return TURNS_MAX <= waiting.size() || BYTES_MAX < waitingBytes;
    }

    /// The sequence number that the oldest turn tells of; 0 if nothing waits.
    long firstSeq() {
        lock.lock();
        try {
            Turn first = waiting.peek();
            return first == null ? 0 : first.told.seq;
        } finally {
            lock.unlock();
        }
    }

    /// Sends what is durable, as far as that need not wait for the client: what that holds up goes
    /// out by a thread of its own. True unless the oldest turn that is left waits for `level`.
    ///
    /// @param group what is sent goes with
    boolean depart(Durability level, FlushGroup group) {
        try {
            for (Turn turn = next(); turn != null; turn = next()) {
                Durability wanted = durables.level(turn.told.asked);
                if (!durables.reached(turn.told.seq, turn.told.asked)) {
                    if (wanted != level) deferred.join(this, wanted, turn.told.seq);
                    return wanted != level;
                }
                if (!pipe.writeAtOnce(turn.segments, group)) {
                    entrance.env().start(name, this::sendAll);
                    return true;
                }
                stats.sent(turn.bytes);
                remove();
            }
        } catch (PipeException broken) {
            fail(broken.reason(), broken.getMessage());
        }
        return true;
    }

    /// What was applied may yet become durable or may be lost: no reply could be true.
    void outcomeUnknown(StorageException why) {
        stats.outcomeUnknown();
        fail(PipeException.Reason.CLOSED, "outcome unknown: " + why.getMessage());
    }

    // The thread that sends is bounded in what it waits for, so this is, too.
    private void awaitRoom() throws PipeException, InterruptedException {
        Duration most = config.durabilityMax().plus(config.stallMax());
        int sizeBefore = waiting.size();
        Deadline deadline = Deadline.after(entrance.env(), most);
        if (isFull())
            room.await(
                    () -> failure != null || waiting.size() < sizeBefore,
                    deadline,
                    entrance.token());
        if (failure != null) throw failure;
    }

    private void sendAll() {
        try {
            for (Turn turn = next(); turn != null; turn = next()) {
                durables.await(turn.told.seq, turn.told.asked);
                send(turn.segments, turn.bytes);
                remove();
            }
        } catch (StorageException.Unavailable | StorageException.Closed unknown) {
            outcomeUnknown(unknown);
        } catch (PipeException broken) {
            fail(broken.reason(), broken.getMessage());
        } catch (InterruptedException cut) {
            fail(PipeException.Reason.CLOSED, "interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private void send(List<Bytes> segments, long bytes) throws PipeException, InterruptedException {
        long started = entrance.env().nanoTime();
        pipe.write(segments, config.stallMax());
        takingNanos.addAndGet(entrance.env().nanoTime() - started);
        stats.sent(bytes);
    }

    // The oldest turn; null ends the thread.
    private @Nullable Turn next() {
        lock.lock();
        try {
            Turn first = waiting.peek();
            if (first == null) {
                isSending = false;
                signalAll();
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void remove() {
        lock.lock();
        try {
            Turn sent = waiting.poll(); // none if it was given up meanwhile
            if (sent != null) waitingBytes -= sent.bytes;
            signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void signalAll() {
        room.signalAll();
        allSent.signalAll();
    }

    private void fail(PipeException.Reason reason, String why) {
        lock.lock();
        try {
            if (failure == null) failure = new PipeException(reason, why);
            waiting.clear();
            waitingBytes = 0;
            isSending = false;
            signalAll();
        } finally {
            lock.unlock();
        }
        pipe.close();
    }
}
