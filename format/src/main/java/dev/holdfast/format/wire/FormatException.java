package dev.holdfast.format.wire;

/// Stored bytes are not what they claim to be. Reading them again will not help, unless a transport
/// damaged them on the way.
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Throws unless `holds`; `message` must be a constant, so that a check costs nothing.
    public static void require(boolean holds, String message) {
        if (!holds) throw new FormatException(message);
    }

    /// Throws unless `holds`; `number` ends the message.
    public static void require(boolean holds, String message, long number) {
        if (!holds) throw new FormatException(message + "=`" + number + "`");
    }
}
