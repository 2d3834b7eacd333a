package dev.holdfast.lifecycle.gate;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// A gate that counts who is inside and knows nobody: what naming is measured against.
///
/// It stands in for the kernel's gate on the class path of a benchmark, and has all of it that a
/// database uses.
public final class Gate {
    private final String name;
    private final Token token;
    private final AtomicLong inside = new AtomicLong();
    private final Pass pass = new Pass(this);
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint empty;
    private volatile boolean closed;

    public Gate(String name, Token token) {
        this.name = name;
        this.token = token;
        empty = new WaitPoint(lock, WaitKind.GATE, name + " to be empty", asWaker());
    }

    public Pass enter(String who, String doing) {
        inside.incrementAndGet();
        if (!closed) return pass;
        leave();
        throw token.renewed().stopped(Certainty.NOT_APPLIED, name + " is closed");
    }

    public long enterBriefly(String who, String doing) {
        enter(who, doing);
        return 0;
    }

    public void leave(long ticket) {
        leave();
    }

    void leave() {
        if (inside.decrementAndGet() != 0 || !closed) return;
        lock.lock();
        try {
            empty.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public void close() {
        closed = true;
    }

    public void reopen() {
        closed = false;
    }

    public boolean isClosed() {
        return closed;
    }

    public List<Holder> drain(Deadline deadline, Token until) throws InterruptedException {
        close();
        lock.lock();
        try {
            WaitResult result = empty.await(this::isEmpty, deadline, until);
            return result == WaitResult.SATISFIED ? List.of() : holders();
        } finally {
            lock.unlock();
        }
    }

    public List<Holder> drain(Deadline deadline) throws InterruptedException {
        return drain(deadline, token.renewed());
    }

    public void giveUpDrain() {}

    public boolean isEmpty() {
        return inside.get() == 0;
    }

    public List<Holder> holders() {
        return isEmpty() ? List.of() : List.of(new Holder("somebody", name, null));
    }

    public String name() {
        return name;
    }

    public String asWaker() {
        return "gate " + name;
    }
}
