package dev.holdfast.engine.api;

import dev.holdfast.engine.local.DatabaseOwner;
import org.jspecify.annotations.Nullable;

/// A failure, named after what the caller can do about it. A subtype is added only when a caller
/// would react differently to it; causes and details go into the message, which is not API.
///
/// ```java
/// try {
///     db.write(batch, Durability.REMOTE);
/// } catch (StorageException.Unavailable later) {
///     // the same again, after a while
/// } catch (StorageException.Closed ended) {
///     // open another: `ended.reason()` says why
/// }
/// ```
public abstract sealed class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Another writer of the same keys won. Retry from a fresh view, or in a new transaction.
    public static final class Conflict extends StorageException {
        private static final long serialVersionUID = 1;

        public Conflict(String message) {
            super(message, null);
        }
    }

    /// The object store did not answer in time, or a deadline passed. Retry unchanged, or give up.
    public static final class Unavailable extends StorageException {
        private static final long serialVersionUID = 1;

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// This instance is finished. Open another, once [#reason] allows it.
    public static final class Closed extends StorageException {
        private static final long serialVersionUID = 1;

        /// Why an instance ended.
        public enum Reason {
            /// It was closed in order.
            CLEAN,
            /// A newer writer took the database over.
            FENCED,
            /// It met an error that it could not survive; the cause tells.
            FAILED,
            /// What it showed is kept no longer: the checkpoint that it read from has ended, or the
            /// transaction was open for too long.
            EXPIRED
        }

        private final Reason reason;

        public Closed(Reason reason, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.reason = reason;
        }

        /// Why this instance ended.
        public Reason reason() {
            return reason;
        }
    }

    /// Stored bytes are not what they claim to be. No retry will help; a person must look.
    public static final class CorruptData extends StorageException {
        private static final long serialVersionUID = 1;

        private final boolean isMissing;

        public CorruptData(String message, @Nullable Throwable cause) {
            super(message, cause);
            isMissing = false;
        }

        private CorruptData(String message) {
            super(message, null);
            isMissing = true;
        }

        /// A whole object is not there.
        public static CorruptData missing(String message) {
            return new CorruptData(message);
        }

        /// True if a whole object is not there: one that was collected, for who looked at what is
        /// not the newest state any more.
        public boolean isMissing() {
            return isMissing;
        }
    }

    /// The request is wrong as it stands. Change the call.
    public static final class Invalid extends StorageException {
        private static final long serialVersionUID = 1;

        public Invalid(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// Another node's disk may have commits that the store does not have. Start that node again, or
    /// take the database over explicitly and give them up: a person decides.
    public static final class OwnedElsewhere extends StorageException {
        private static final long serialVersionUID = 1;

        private final transient DatabaseOwner owner;

        public OwnedElsewhere(String message, DatabaseOwner owner) {
            super(message, null);
            this.owner = owner;
        }

        /// Whose disk, since when, and what it has said of it.
        public DatabaseOwner owner() {
            return owner;
        }
    }

    /// Commits that a consumer of changes has not seen are in the log no more. Begin with a fresh
    /// view of the database, and go on at [ChangeStream.Gap#resume].
    public static final class ChangesMissing extends StorageException {
        private static final long serialVersionUID = 1;

        private final transient ChangeStream.Gap gap;

        public ChangesMissing(String message, ChangeStream.Gap gap) {
            super(
                    "%s. after=`%d`, through=`%d`, object=`%d`, resume=`%s`"
                            .formatted(
                                    message,
                                    gap.afterSeq(),
                                    gap.throughSeq(),
                                    gap.firstWalId(),
                                    gap.resume()),
                    null);
            this.gap = gap;
        }

        /// What is missing, and where the log is whole again.
        public ChangeStream.Gap gap() {
            return gap;
        }
    }
}
