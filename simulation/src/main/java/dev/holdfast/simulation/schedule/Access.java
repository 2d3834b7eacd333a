package dev.holdfast.simulation.schedule;

import dev.holdfast.simulation.agent.Accesses;
import org.jspecify.annotations.Nullable;

/// What a thread is about to do with something that other threads may see.
///
/// @param kind one of the constants of [Accesses]
/// @param target the object; null if it is not known
/// @param what the field or the method
public record Access(int kind, @Nullable Object target, String what) {
    /// True if it changes nothing.
    public boolean isRead() {
        return kind == Accesses.SYNC_READ || kind == Accesses.PLAIN_READ;
    }

    /// True unless both orders of the two come to the same.
    public boolean meets(Access other) {
        if (isRead() && other.isRead()) return false;
        return target == null || other.target == null || target == other.target;
    }
}
