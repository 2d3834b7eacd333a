package dev.holdfast.net;

import dev.holdfast.base.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One end of a pipe inside the process, without a socket: for tests and simulation.
///
/// It keeps the contract of a socket's pipe, bounds included: a writer waits while the other end
/// has not read what fills the buffer.
public final class MemoryPipe implements BytePipe {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition drained = lock.newCondition();
    private final String address;
    private final Origin origin;
    private final InputQueue input;
    private @Nullable MemoryPipe peer; // set once, before the pair is handed out
    private boolean peerIsFull; // guarded by lock
    private volatile boolean closed;
    private volatile boolean finished;

    private MemoryPipe(String address, Origin origin, long bytesMax) {
        this.address = address;
        this.origin = origin;
        this.input = new InputQueue(bytesMax, new Backpressure());
    }

    /// Two ends of one pipe.
    public record Pair(MemoryPipe client, MemoryPipe server) {}

    /// Where the client of a pipe seems to be.
    public enum Origin {
        /// On this machine.
        HERE,
        /// On another one.
        ELSEWHERE
    }

    /// A pipe that holds about `bytesMax` in each direction before writers wait.
    public static Pair pair(long bytesMax, Origin origin) {
        MemoryPipe client = new MemoryPipe("memory:1", origin, bytesMax);
        MemoryPipe server = new MemoryPipe("memory:2", origin, bytesMax);
        client.peer = server;
        server.peer = client;
        return new Pair(client, server);
    }

    @Override
    public @Nullable Bytes read(Duration timeout) throws PipeException, InterruptedException {
        return input.take(timeout);
    }

    @Override
    public long available() {
        return input.available();
    }

    @Override
    public boolean isOver() {
        return input.isOver();
    }

    @Override
    public void wake() {
        input.wake();
    }

    @Override
    public void lendTo(StandIn standIn) {
        input.lendTo(standIn);
    }

    @Override
    public Bytes takeLent() {
        return input.takeLent();
    }

    @Override
    public boolean giveBack(Reader reader) {
        return input.giveBack(reader);
    }

    @Override
    public void write(List<Bytes> segments, Duration stallMax)
            throws PipeException, InterruptedException {
        for (Bytes segment : segments) {
            awaitRoom(stallMax);
            other().receive(segment);
        }
    }

    private void receive(Bytes segment) {
        Bytes copy = Bytes.copyOf(segment.array(), segment.offset(), segment.length());
        StandIn standIn = input.add(copy);
        if (standIn == null) return;
        standIn.came();
        standIn.allCame();
    }

    @Override
    public boolean writeAtOnce(List<Bytes> segments, FlushGroup group) throws PipeException {
        lock.lock();
        try {
            requireOpen();
            if (peerIsFull) return false;
        } finally {
            lock.unlock();
        }
        for (Bytes segment : segments) other().receive(segment);
        return true;
    }

    @Override
    public long unsent() {
        return other().input.available();
    }

    @Override
    public long sent() {
        return other().input.taken();
    }

    /// Ends this side's stream; what comes from the other side can still be read.
    public void endOutput() {
        finished = true;
        other().input.end();
    }

    @Override
    public Farewell finish(Duration timeout, Supplier<Duration> more) throws InterruptedException {
        endOutput();
        input.discardUntilEnd(timeout, more);
        close();
        return Farewell.SENT;
    }

    @Override
    public String remoteAddress() {
        return other().address;
    }

    @Override
    public String localAddress() {
        return address;
    }

    @Override
    public boolean isLoopback() {
        return origin == Origin.HERE;
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        input.fail(new PipeException(PipeException.Reason.CLOSED, "pipe closed"));
        other().input.end();
        signalDrained();
        other().signalDrained();
    }

    private MemoryPipe other() {
        if (peer == null) throw new AssertionError("pipe without a peer");
        return peer;
    }

    private void awaitRoom(Duration stallMax) throws PipeException, InterruptedException {
        long left = stallMax.toNanos();
        lock.lockInterruptibly();
        try {
            while (peerIsFull && !closed && !other().closed && 0 < left)
                left = drained.awaitNanos(left);
            requireOpen();
            if (peerIsFull)
                throw new PipeException(
                        PipeException.Reason.STALLED,
                        "peer takes nothing. waited=`" + stallMax + "`");
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws PipeException {
        if (closed || finished) throw new PipeException(PipeException.Reason.CLOSED, "pipe closed");
        if (other().closed) throw new PipeException(PipeException.Reason.BROKEN, "closed by peer");
    }

    private void signalDrained() {
        lock.lock();
        try {
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void peerIsFull(FullState state) {
        lock.lock();
        try {
            peerIsFull = state == FullState.FULL;
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private enum FullState {
        FULL,
        DRAINED
    }

    /// Holds the other end's writers while this end's buffer is full.
    private final class Backpressure implements InputQueue.Source {
        @Override
        public void pause() {
            other().peerIsFull(FullState.FULL);
        }

        @Override
        public void resume() {
            other().peerIsFull(FullState.DRAINED);
        }
    }
}
