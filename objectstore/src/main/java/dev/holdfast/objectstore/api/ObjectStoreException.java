package dev.holdfast.objectstore.api;

import org.jspecify.annotations.Nullable;

/// A call to the store that did not do its work, named after what the caller can do about it.
public abstract sealed class ObjectStoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private ObjectStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// The store did not answer in time, or not sensibly. Retry unchanged, or give up.
    public static final class Unavailable extends ObjectStoreException {
        private static final long serialVersionUID = 1;

        private final Reason reason;

        public Unavailable(String message, @Nullable Throwable cause) {
            this(message, cause, Reason.OTHER);
        }

        public Unavailable(String message, @Nullable Throwable cause, Reason reason) {
            super(message, cause);
            this.reason = reason;
        }

        /// What kept the store from answering, for operators to count.
        public Reason reason() {
            return reason;
        }

        /// What keeps a store from answering.
        public enum Reason {
            /// It asks for fewer requests.
            SLOW_DOWN,
            /// The request did not come through, or was sent back undone.
            NOT_DONE,
            /// No answer came, or one that leaves the outcome open.
            NO_ANSWER,
            /// Nobody says.
            OTHER
        }
    }

    /// The store will not do it until a person acts: access denied, no such bucket, disk full,
    /// read-only.
    public static final class Refused extends ObjectStoreException {
        private static final long serialVersionUID = 1;

        public Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The request is wrong as it stands: a malformed name, a range beyond the end.
    public static final class Invalid extends ObjectStoreException {
        private static final long serialVersionUID = 1;

        public Invalid(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
