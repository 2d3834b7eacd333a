package dev.holdfast.system.history;

import dev.holdfast.system.process.ServerProcess;
import java.util.concurrent.atomic.AtomicLong;

/// One life of the server, as its clients share it.
final class Life {
    private final ServerProcess server;
    private final Era era;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong givenUp = new AtomicLong();
    private volatile boolean isOver;
    private volatile boolean isPaused;

    Life(ServerProcess server, Era era) {
        this.server = server;
        this.era = era;
    }

    ServerProcess server() {
        return server;
    }

    Era era() {
        return era;
    }

    void count(int more) {
        answered.addAndGet(more);
    }

    /// Requests and transactions that were answered.
    long answered() {
        return answered.get();
    }

    void countGivenUp() {
        givenUp.incrementAndGet();
    }

    /// Clients that went without an answer while the server lived.
    long givenUp() {
        return givenUp.get();
    }

    void pause() {
        isPaused = true;
        server.signal("STOP");
    }

    void resume() {
        server.signal("CONT");
        isPaused = false;
    }

    boolean isPaused() {
        return isPaused;
    }

    /// Kills the server.
    void end() {
        server.kill();
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }
}
