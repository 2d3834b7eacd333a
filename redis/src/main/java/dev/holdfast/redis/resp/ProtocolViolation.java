package dev.holdfast.redis.resp;

/// Bytes that are no request, or one that is too large. The connection cannot go on: what follows
/// cannot be told apart any more.
public final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1;

    ProtocolViolation(String what) {
        super(what, null, false, false);
    }

    /// The error that the client is told before the connection closes.
    public String text() {
        return "ERR Protocol error: " + getMessage();
    }
}
