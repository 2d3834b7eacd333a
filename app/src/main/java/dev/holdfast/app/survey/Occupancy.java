package dev.holdfast.app.survey;

import dev.holdfast.app.store.CleanStopFile;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.LockFile;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Whether anybody writes to a database, as far as one can tell without asking for its lock.
public sealed interface Occupancy {
    /// A process of this machine holds it.
    record Held(String holder) implements Occupancy {}

    /// Nobody of this machine holds it.
    ///
    /// @param isClean true if the last run left the proof of a stop in order
    record Free(boolean isClean) implements Occupancy {}

    /// A store that others reach too: nobody can tell.
    record Unknown() implements Occupancy {}

    /// How it stands at `location`.
    static Occupancy of(DatabaseLocation location) {
        if (!location.isLocal()) return new Unknown();
        try {
            String holder = LockFile.holderAt(location);
            return holder == null
                    ? new Free(new CleanStopFile(location).isThere())
                    : new Held(holder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
