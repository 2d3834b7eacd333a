package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.gate.Flight;

/// What a reader of a part is to do.
sealed interface Turn {
    /// It is there, and held: read it, then let it go.
    record Hit(Part part) implements Turn {}

    /// Another fetches it: wait for that one, no longer than until `deadline`.
    record Wait(Flight<Part.Fetched> flight, Deadline deadline) implements Turn {}

    /// It is this reader's to fetch. Everybody else waits for it.
    record Load(Part part, Flight<Part.Fetched> flight) implements Turn {}
}
