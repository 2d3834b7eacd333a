package dev.holdfast.simulation.tier;

import dev.holdfast.simulation.store.CrashPoint;
import org.jspecify.annotations.Nullable;

/// How one life ends.
///
/// @param diskCall the call to the disk that it dies at, from 0; none if it is beyond all
/// @param storeCall the call to the store that it dies at, null for none
/// @param after what becomes of the machine's caches
record Death(long diskCall, @Nullable CrashPoint storeCall, After after) {
    /// What is left behind.
    enum After {
        /// The process alone is gone: what it wrote is seen by the next.
        KILL,
        /// Only what was forced is certain.
        POWER_CUT,
        /// The process alone is gone, and then something happens to one of its tables.
        TABLE_DAMAGED,
        /// Another machine, with a directory of its own, takes over, writes, and goes again.
        OTHER_WRITER,
        /// The disk is gone.
        DISK_LOST
    }

    static Death atDiskCall(long call, After after) {
        return new Death(call, null, after);
    }

    static Death atStoreCall(CrashPoint point, After after) {
        return new Death(Long.MAX_VALUE, point, after);
    }

    /// When its work is done.
    static Death inPeace(After after) {
        return new Death(Long.MAX_VALUE, null, after);
    }
}
