package dev.holdfast.lifecycle;

import java.io.IOException;
import java.util.SortedMap;

/// Where a scope leaves the proof that it stopped cleanly.
///
/// Invariant: the marker is there exactly when the last stop ended with exit code 0, and it is gone
/// before the next run changes anything (LIFE-27).
public interface CleanMarker {
    /// What the marker says.
    ///
    /// @param epoch of the scope that stopped
    /// @param durable the last durable positions, by name
    /// @param reportHash the SHA-256 of the report's JSON, in hex
    record CleanStop(long epoch, SortedMap<String, String> durable, String reportHash) {}

    /// Leaves the marker: the last thing that a clean stop does.
    void write(CleanStop stop) throws IOException;

    /// Takes the marker away, if it is there: the first thing that a start does.
    void remove() throws IOException;
}
