package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.gate.Flight;
import org.jspecify.annotations.Nullable;

/// One part that the cache has, or is about to have. Who is in no [PartTable] any more is absent.
///
/// ```
/// absent -> LOADING(flight, deadline) -> PRESENT(readers) -> absent
///                  \-> absent                  \-> EVICTING(readers) -> absent
/// ```
///
/// All but the checksums is guarded by the lock of the table.
final class Part {
    /// How far a part is.
    enum State {
        /// One reader fetches it; the others wait for that one.
        LOADING,
        /// It can be read.
        PRESENT,
        /// It has to go, and still has readers: the last of them gives its slot back.
        EVICTING
    }

    /// Where a part stands in the order of those that go.
    enum Place {
        /// With the newcomers.
        SMALL,
        /// With those that were used.
        MAIN,
        /// With what every read begins with.
        INDEX
    }

    static final int NO_SLOT = -1;

    final PartKey key;
    State state = State.LOADING;
    int slot = NO_SLOT;
    boolean isSlotBare; // nothing was ever written there
    int length;
    int readers;
    @Nullable Flight<Fetched> flight;
    @Nullable Deadline deadline;

    Place place = Place.SMALL;
    Worth worth = Worth.DATA;
    int uses;
    boolean isOut; // of its queue, where it still stands

    /// As its slot's header has them; null until that was read, and proved.
    volatile int @Nullable [] checksums;

    Part(PartKey key) {
        this.key = key;
    }

    /// What a reader brought from the store.
    ///
    /// @param content null if the store has no such object
    record Fetched(@Nullable Bytes content) {}
}
