package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import java.util.function.Predicate;

/// Who sees to it that clients keep nothing of what their user has lost. Thread-safe.
public interface Doorkeeper {
    /// Ends the connections of those who act as `user` and listen to what it may not hear now.
    ///
    /// @param channels which it may hear
    /// @param patterns whose channels it may all hear
    void changed(String user, Predicate<Bytes> channels, Predicate<Bytes> patterns);

    /// Ends the connections of those who act as `user`, which is no more.
    void removed(String user);
}
