package dev.holdfast.net;

import java.io.IOException;

/// The end of a pipe that was not agreed: nothing more can be read or written. Close it.
public final class PipeException extends IOException {
    private static final long serialVersionUID = 1;

    /// What ended the pipe.
    public enum Reason {
        /// The other side, or the network between.
        BROKEN,
        /// The other side took nothing for too long.
        STALLED,
        /// This side closed it.
        CLOSED
    }

    private final Reason reason;

    public PipeException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /// What ended the pipe.
    public Reason reason() {
        return reason;
    }
}
