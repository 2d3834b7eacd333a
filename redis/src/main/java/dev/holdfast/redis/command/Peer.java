package dev.holdfast.redis.command;

/// The far end of a session, as commands see it. Thread-safe.
public interface Peer {
    /// The client's address, as `host:port`.
    String remoteAddress();

    /// The server's address that the client came to, as `host:port`.
    String localAddress();

    /// How many bytes of requests are held.
    long inputBytes();

    /// How many bytes of replies are held.
    long outputBytes();

    /// Has the connection look whether there is something to do: it was served, or there is
    /// something to tell.
    void wake();

    /// Closes the connection soon, whatever it does.
    void kill();
}
