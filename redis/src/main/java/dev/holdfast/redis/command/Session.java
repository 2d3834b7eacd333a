package dev.holdfast.redis.command;

import dev.holdfast.redis.resp.Protocol;

/// What one connection has agreed with the server: its database, its name, its protocol.
///
/// Changed by the connection's own thread only; any thread may read it.
public final class Session {
    private final long id;
    private volatile int database;
    private volatile Protocol protocol = Protocol.RESP2;

    public Session(long id) {
        this.id = id;
    }

    /// The number that CLIENT ID shows; never used twice.
    public long id() {
        return id;
    }

    /// The database that commands work on.
    public int database() {
        return database;
    }

    /// Chooses another database.
    public void select(int database) {
        this.database = database;
    }

    /// The version that replies are written in.
    public Protocol protocol() {
        return protocol;
    }

    /// Chooses another version.
    public void speak(Protocol protocol) {
        this.protocol = protocol;
    }
}
