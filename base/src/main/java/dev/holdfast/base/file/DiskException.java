package dev.holdfast.base.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A call to the disk that failed, named after what the caller can do about it.
public abstract sealed class DiskException extends IOException {
    private static final long serialVersionUID = 1;

    private DiskException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Nothing stands there, or a directory on the way is missing or is none.
    public static final class Absent extends DiskException {
        private static final long serialVersionUID = 1;

        public Absent(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The name is taken.
    public static final class Exists extends DiskException {
        private static final long serialVersionUID = 1;

        public Exists(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// No room is left. What was there stays readable; make room, then try again.
    public static final class Full extends DiskException {
        private static final long serialVersionUID = 1;

        public Full(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The machine will not do it until a person acts: no permission, read-only, not supported.
    public static final class Refused extends DiskException {
        private static final long serialVersionUID = 1;

        public Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The disk, or the machine on the way to it, failed. A change may have been made or not.
    public static final class Failed extends DiskException {
        private static final long serialVersionUID = 1;

        public Failed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
