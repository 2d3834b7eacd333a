package dev.holdfast.net;

import org.jspecify.annotations.Nullable;

/// A certificate or key that TLS cannot be spoken with. Mend the file or name another.
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
