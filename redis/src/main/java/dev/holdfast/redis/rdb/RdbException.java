package dev.holdfast.redis.rdb;

/// Bytes that are no snapshot that can be read, and where.
public abstract sealed class RdbException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long offset;

    private RdbException(String message, long offset) {
        super(message + ". offset=`" + offset + "`");
        this.offset = offset;
    }

    /// Where it was found, counted from the first byte.
    public long offset() {
        return offset;
    }

    /// The bytes are not what they claim to be, or end early. A person must look.
    public static final class Damaged extends RdbException {
        private static final long serialVersionUID = 1;

        public Damaged(String message, long offset) {
            super(message, offset);
        }
    }

    /// The bytes may be right, but nobody here knows their form: a value of a module, or a version
    /// that is too new.
    public static final class Unsupported extends RdbException {
        private static final long serialVersionUID = 1;

        public Unsupported(String message, long offset) {
            super(message, offset);
        }
    }
}
